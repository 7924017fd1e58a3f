package io.jenkins.plugins.gitops.ci;

/**
 * A check status that was reported to the plugin, by a build or over HTTP.
 *
 * @param sha the full name of the commit
 * @param reporter who reported the status: the full name of a job, or {@link #ENDPOINT}
 */
public record CheckReport(String sha, CheckStatus status, String reporter) {

    /** The reporter of a status that came over HTTP. No job can have this name, since names of jobs have no colon. */
    public static final String ENDPOINT = "endpoint:status";
}
