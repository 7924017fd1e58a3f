package io.jenkins.plugins.gitops.ci;

import java.util.List;
import java.util.Optional;

/**
 * A check that must succeed on a commit before main may move to it.
 *
 * @param name the exact name
 * @param source the source of its results; results of this name from another source are ignored
 * @param appId the app of the source that has to report the check, or {@link CheckResult#NO_APP} for any; results of
 *     this name from another app are ignored
 * @param workflow the workflow whose runs count, by its name or its file; empty for any. Only {@code github} names it
 * @param acceptSkipped whether skipped and neutral count as success
 * @param reporters for the source {@link #REPORTED}: the jobs that may report the check, as Ant-style patterns on full
 *     names; any job if empty
 */
public record RequiredCheck(
        String name,
        String source,
        long appId,
        Optional<String> workflow,
        boolean acceptSkipped,
        List<String> reporters) {

    /** The source of results that jobs report by the step {@code reportCiStatus}. */
    public static final String REPORTED = "reported";

    public RequiredCheck {
        reporters = List.copyOf(reporters);
    }

    /** Creates a check that any workflow may report. */
    public RequiredCheck(String name, String source, long appId, boolean acceptSkipped, List<String> reporters) {
        this(name, source, appId, Optional.empty(), acceptSkipped, reporters);
    }

    /** Creates a check that any app of its source may report. */
    public RequiredCheck(String name, String source, boolean acceptSkipped, List<String> reporters) {
        this(name, source, CheckResult.NO_APP, acceptSkipped, reporters);
    }
}
