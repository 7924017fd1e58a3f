package io.jenkins.plugins.gitops.ci;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The status of one check of one commit, as a source reports it.
 *
 * @param app the id of the app that reported the status; {@link #NO_APP} where the source does not name one
 */
public record CheckResult(CheckStatus status, long app) {

    /** The app of a status that a user or an unknown program reported. */
    public static final long NO_APP = 0;

    /** What tells one check from another: apps may use the same name. */
    private record CheckOfApp(String context, long app) {}

    /** Returns the newest result of each check and app: that of the highest run, as forges number them. */
    static List<CheckResult> latestOfEach(List<CheckResult> all) {
        Map<CheckOfApp, CheckResult> latest = new LinkedHashMap<>();
        for (CheckResult result : all) {
            latest.merge(
                    new CheckOfApp(result.status().context(), result.app()),
                    result,
                    (one, other) -> other.status().run() > one.status().run() ? other : one);
        }
        return new ArrayList<>(latest.values());
    }

    /** Returns whether this is a result of the check: it has its exact name, and its app if the check names one. */
    boolean isOf(RequiredCheck check) {
        return status.context().equals(check.name()) && (check.appId() == NO_APP || check.appId() == app);
    }
}
