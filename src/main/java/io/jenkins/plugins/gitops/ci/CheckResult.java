package io.jenkins.plugins.gitops.ci;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The status of one check of one commit, as a source reports it.
 *
 * @param app the id of the app that reported the status; {@link #NO_APP} where the source does not name one
 * @param suite the group of the run, if the source groups runs: the check suite of GitHub, the source of the pipeline
 *     of GitLab, the event of a workflow of Gitea. Runs of one name in different suites are different checks, and all
 *     of them count
 * @param workflows the names of the workflow of the run: as it calls itself, its file, and the path of that; empty
 *     where the source does not name one
 * @param brokenRuns how many runs of the check on the commit are known to have broken down
 */
public record CheckResult(CheckStatus status, long app, Optional<String> suite, Set<String> workflows, int brokenRuns) {

    /** The app of a status that a user or an unknown program reported. */
    public static final long NO_APP = 0;

    /** Identifies a check: different apps, and different suites of one app, may use the same name. */
    private record CheckKey(String context, long app, Optional<String> suite) {}

    public CheckResult {
        workflows = Set.copyOf(workflows);
    }

    /** Creates a result of a run whose predecessors are not known. */
    public CheckResult(CheckStatus status, long app, Optional<String> suite, Set<String> workflows) {
        this(status, app, suite, workflows, status.isBroken() ? 1 : 0);
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
    public static List<CheckResult> latestOfEach(List<CheckResult> all) {
        Map<CheckKey, CheckResult> latest = new LinkedHashMap<>();
        for (CheckResult result : all) {
            latest.merge(
                    result.key(),
                    result,
                    (one, other) -> other.status().run() > one.status().run() ? other : one);
        }
        return new ArrayList<>(latest.values());
    }

    /** Returns the same result of a check of which so many runs have broken down. */
    public CheckResult broken(int runs) {
        return new CheckResult(status, app, suite, workflows, runs);
    }

    /** Returns the same result with a time, if it has none and needs one. */
    private CheckResult at(Instant time) {
        if (!status.isBroken() || !status.at().equals(Instant.EPOCH)) {
            return this;
        }
        var timed = new CheckStatus(
                status.context(), status.state(), status.url(), status.description(), time, status.run());
        return new CheckResult(timed, app, suite, workflows, brokenRuns);
    }

    private CheckKey key() {
        return new CheckKey(status.context(), app, suite);
    }

    /**
     * Returns newer results with the runs counted that have broken down until then. Forges give each report of a status
     * an id of its own, so that another report with the same page is of the same run, unless something else was
     * reported in between.
     *
     * @param before the results that were known before, counted
     * @param now the time of a run that has broken down of which the source does not say when
     */
    static List<CheckResult> countBroken(List<CheckResult> before, List<CheckResult> newer, Instant now) {
        Map<CheckKey, CheckResult> known = new HashMap<>();
        before.forEach(result -> known.put(result.key(), result));
        return newer.stream()
                .map(result -> {
                    CheckResult last = known.get(result.key());
                    if (last == null) {
                        return result.at(now);
                    }
                    boolean sameRun = last.status.run() == result.status.run()
                            || last.status.isBroken() && last.status.url().equals(result.status.url());
                    int more = result.status.isBroken() && !(last.status.isBroken() && sameRun) ? 1 : 0;
                    return result.at(sameRun ? last.status.at() : now)
                            .broken(Math.max(result.brokenRuns, last.brokenRuns + more));
                })
                .toList();
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
