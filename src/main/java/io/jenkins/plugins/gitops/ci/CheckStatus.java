package io.jenkins.plugins.gitops.ci;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.Serializable;
import java.time.Instant;

/**
 * The latest that one check said of one commit.
 *
 * @param context the name of the check
 * @param url where its details are, if it has a page
 * @param description its own words
 * @param at when it said so
 * @param run the number of the run that said it; a higher run wins, whenever it arrives
 */
public record CheckStatus(
        String context,
        CheckState state,
        @CheckForNull String url,
        @CheckForNull String description,
        Instant at,
        long run)
        implements Serializable {

    public CheckStatus(
            String context,
            CheckState state,
            @Nullable String url,
            @Nullable String description,
            Instant at,
            long run) {
        this.context = context;
        this.state = state;
        this.url = url;
        this.description = description;
        this.at = at;
        this.run = run;
    }

    /** Whether it failed. */
    public boolean isRed() {
        return state.meaning() == CheckState.Meaning.RED;
    }
}
