package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.git.BodyChanges;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;

/**
 * Somebody's wish to have what one wave runs in another, or what a wave had before in it again.
 *
 * @param id of the change it becomes, minted and saved by the asker before it is handed over
 * @param from the wave the set comes from; of a rollback the wave itself
 * @param set the name of the set that is meant, or null for the only one
 * @param revision the config commit whose set is meant, or null for what {@code from} runs now
 * @param kind what is wished
 * @param require how many targets of {@code from} must run it, beyond what is configured, or null
 * @param subject the first line of its commit, or null for the usual one
 * @param build the URL of the build that asks
 * @param by who asks, in words for people
 * @param body what else its commit changes, made for the set of {@code revision}, or null if it is images only
 */
public record PromotionRequest(
        String id,
        Wave from,
        Wave to,
        @CheckForNull String set,
        @CheckForNull String revision,
        Kind kind,
        @CheckForNull RolloutRequirement require,
        @CheckForNull String subject,
        @CheckForNull String build,
        String by,
        @CheckForNull BodyChanges body) {

    /** What is wished. */
    public enum Kind {
        /** To take a set to the next wave. */
        PROMOTE,
        /** To know whether that would be done now, and what would change. */
        DRY_RUN,
        /** To have an earlier set of the wave again, and nothing else in it until somebody releases it. */
        ROLLBACK,
        /** To know what a rollback would change. */
        ROLLBACK_DRY_RUN;

        /** Whether nothing is to be done but look. */
        public boolean isDryRun() {
            return this == DRY_RUN || this == ROLLBACK_DRY_RUN;
        }

        /** Whether it is about an earlier set of the wave. */
        public boolean isRollback() {
            return this == ROLLBACK || this == ROLLBACK_DRY_RUN;
        }

        /** The kind of a wish that a step was told so. */
        public static Kind of(boolean rollback, boolean dryRun) {
            return rollback ? dryRun ? ROLLBACK_DRY_RUN : ROLLBACK : dryRun ? DRY_RUN : PROMOTE;
        }
    }

    public PromotionRequest(
            String id,
            Wave from,
            Wave to,
            @Nullable String set,
            @Nullable String revision,
            Kind kind,
            @Nullable RolloutRequirement require,
            @Nullable String subject,
            @Nullable String build,
            String by,
            @Nullable BodyChanges body) {
        this.id = id;
        this.from = from;
        this.to = to;
        this.set = set;
        this.revision = revision;
        this.kind = kind;
        this.require = require;
        this.subject = subject;
        this.build = build;
        this.by = by;
        this.body = body;
    }

    /** A wish to promote, by what is configured. */
    public PromotionRequest(
            String id,
            Wave from,
            Wave to,
            @Nullable String set,
            @Nullable String revision,
            @Nullable String subject,
            @Nullable String build) {
        this(id, from, to, set, revision, Kind.PROMOTE, null, subject, build, build == null ? "a build" : build, null);
    }

    /** The path of the image set it comes from. */
    public WavePath fromPath() {
        return WavePath.of(from.name(), set);
    }

    /** The path of the image set it replaces. */
    public WavePath toPath() {
        return WavePath.of(to.name(), set);
    }
}
