package io.jenkins.plugins.gitops.ci;

import java.util.List;

/**
 * A check that must succeed on a commit before main may move to it.
 *
 * @param name its exact name
 * @param source where its verdict comes from; a check of this name from elsewhere counts for nothing
 * @param appId the app of the source that has to say so, or {@link CheckResult#NO_APP} for whoever does; a check of this name
 *     from another app counts for nothing
 * @param acceptSkipped whether skipped and neutral count as success
 * @param reporters for the source {@link #REPORTED}: the jobs that may report it, as Ant-style patterns on full
 *     names; any job where empty
 */
public record RequiredCheck(String name, String source, long appId, boolean acceptSkipped, List<String> reporters) {

    /** The source of verdicts that jobs report by {@code reportCiStatus}. */
    public static final String REPORTED = "reported";

    public RequiredCheck {
        reporters = List.copyOf(reporters);
    }

    /** A check that is bound to its source alone. */
    public RequiredCheck(String name, String source, boolean acceptSkipped, List<String> reporters) {
        this(name, source, CheckResult.NO_APP, acceptSkipped, reporters);
    }
}
