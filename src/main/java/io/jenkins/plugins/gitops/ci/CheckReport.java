package io.jenkins.plugins.gitops.ci;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.Instant;

/**
 * A check result that was reported to us.
 *
 * @param sha the commit, 40 hexadecimal digits
 * @param run the number of the reporting run; the highest wins
 * @param reporter who says so: the full name of a job, or {@link #ENDPOINT}
 */
public record CheckReport(
        String sha,
        String context,
        CheckState state,
        long run,
        @CheckForNull String url,
        @CheckForNull String description,
        String reporter,
        Instant at) {

    /** The reporter of what came over HTTP. No job can be called this, since names of jobs have no colon. */
    public static final String ENDPOINT = "endpoint:status";

    public CheckReport(
            String sha,
            String context,
            CheckState state,
            long run,
            @Nullable String url,
            @Nullable String description,
            String reporter,
            Instant at) {
        this.sha = sha;
        this.context = context;
        this.state = state;
        this.run = run;
        this.url = url;
        this.description = description;
        this.reporter = reporter;
        this.at = at;
    }

    /** What this says of the commit. */
    public CheckStatus status() {
        return new CheckStatus(context, state, url, description, at, run);
    }
}
