package io.jenkins.plugins.gitops.ci;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The status of one check of one commit, as a source reports it.
 *
 * @param app the id of the app that reported the status; {@link #NO_APP} where the source does not name one
 * @param suite the group of the run, if the source groups runs: the check suite of GitHub, the source of the pipeline of
 *     GitLab, the event of a workflow of Gitea. Runs of one name in different suites are different checks, and all of
 *     them count
 * @param workflows the names of the workflow of the run: as it calls itself, its file, and the path of that; empty where
 *     the source does not name one
 */
public record CheckResult(CheckStatus status, long app, Optional<String> suite, Set<String> workflows) {

    /** The app of a status that a user or an unknown program reported. */
    public static final long NO_APP = 0;

    /** Identifies a check: different apps, and different suites of one app, may use the same name. */
    private record CheckKey(String context, long app, Optional<String> suite) {}

    public CheckResult {
        workflows = Set.copyOf(workflows);
    }

    /** Creates a result of a run of an unknown workflow. */
    public CheckResult(CheckStatus status, long app, Optional<String> suite) {
        this(status, app, suite, Set.of());
    }

    /** Creates a result of a source that does not group runs. */
    public CheckResult(CheckStatus status, long app) {
        this(status, app, Optional.empty());
    }

    /** Returns the newest result of each check, app and suite: that of the highest run, as forges number them. */
    static List<CheckResult> latestOfEach(List<CheckResult> all) {
        Map<CheckKey, CheckResult> latest = new LinkedHashMap<>();
        for (CheckResult result : all) {
            latest.merge(
                    new CheckKey(result.status().context(), result.app(), result.suite()),
                    result,
                    (one, other) -> other.status().run() > one.status().run() ? other : one);
        }
        return new ArrayList<>(latest.values());
    }

    /**
     * Returns whether this is a result of the check: it has its exact name, and its app and its workflow if the check
     * names them.
     */
    boolean isOf(RequiredCheck check) {
        return status.context().equals(check.name())
                && (check.appId() == NO_APP || check.appId() == app)
                && check.workflow().map(workflows::contains).orElse(true);
    }

    /** Returns the run as sentences name it, with its state and its page: {@code failure in run 100 (https://…)}. */
    String describeRun() {
        return status.state() + " in run " + status.run()
                + status.url().map(url -> " (" + url + ")").orElse("");
    }
}
