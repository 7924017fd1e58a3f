package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.waves.Wave;

/**
 * Somebody's wish to have what one wave runs in another.
 *
 * @param id of the change it becomes, minted and saved by the asker before it is handed over
 * @param set the name of the set that is meant, or null for the only one
 * @param revision the config commit whose set is meant, or null for what {@code from} runs now
 * @param subject the first line of its commit, or null for the usual one
 * @param build the URL of the build that asks
 */
public record Promotion(
        String id,
        Wave from,
        Wave to,
        @CheckForNull String set,
        @CheckForNull String revision,
        @CheckForNull String subject,
        @CheckForNull String build) {

    public Promotion(
            String id,
            Wave from,
            Wave to,
            @Nullable String set,
            @Nullable String revision,
            @Nullable String subject,
            @Nullable String build) {
        this.id = id;
        this.from = from;
        this.to = to;
        this.set = set;
        this.revision = revision;
        this.subject = subject;
        this.build = build;
    }
}
