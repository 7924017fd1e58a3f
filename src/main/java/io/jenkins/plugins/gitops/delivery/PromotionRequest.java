package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.worktree.BodyChanges;
import java.util.List;
import java.util.Optional;

/**
 * A request to write the image set of one wave into another, or an earlier set of a wave into the same wave again.
 *
 * @param id the id of the change that it becomes; the caller stores it before it submits the request
 * @param from the names of the waves that may have the set; for a rollback only {@code to}
 * @param to the name of the wave that gets the set
 * @param set the name of the image set; may be empty if the repository has only one
 * @param revision the config commit whose set is promoted; empty for the set that {@code from} runs when the driver
 *     decides
 * @param require how many targets of {@code from} must run the set, in addition to the requirement of the settings
 * @param subject the first line of the commit message; empty for the default
 * @param buildUrl the URL of the build that submits the request
 * @param requester the person or build on whose behalf the set is promoted, as it is shown to people
 * @param redeliver whether the wave may go back to a commit of the application that it had before something newer
 * @param body further changes of files for the same commit, made for the set of {@code revision}
 */
public record PromotionRequest(
        String id,
        Kind kind,
        List<String> from,
        String to,
        Optional<String> set,
        Optional<String> revision,
        Optional<RolloutRequirement> require,
        Optional<String> subject,
        Optional<String> buildUrl,
        String requester,
        boolean redeliver,
        Optional<BodyChanges> body) {

    /** The same request for the set of another commit. */
    public PromotionRequest with(String sha) {
        return new PromotionRequest(
                id, kind, from, to, set, Optional.of(sha), require, subject, buildUrl, requester, redeliver, body);
    }

    /** What is to be done. */
    public enum Kind {
        /** Write the set of one wave into another. */
        PROMOTE,
        /** Check whether that would be done now, and what would change. */
        DRY_RUN,
        /** Write an earlier set into the wave again, and hold the wave until it is released. */
        ROLLBACK,
        /** Check what a rollback would change. */
        ROLLBACK_DRY_RUN;

        /** Whether nothing is written. */
        public boolean isDryRun() {
            return this == DRY_RUN || this == ROLLBACK_DRY_RUN;
        }

        /** Whether the set is an earlier one of the same wave. */
        public boolean isRollback() {
            return this == ROLLBACK || this == ROLLBACK_DRY_RUN;
        }

        /** The kind for two options of a step. */
        public static Kind of(boolean rollback, boolean dryRun) {
            return rollback ? dryRun ? ROLLBACK_DRY_RUN : ROLLBACK : dryRun ? DRY_RUN : PROMOTE;
        }
    }

    /** A request with a new id, for the set that the first wave runs, without any of the options. */
    public static Builder of(Kind kind, String from, String to) {
        return of(kind, List.of(from), to);
    }

    /** The same for the set of one of several waves. */
    public static Builder of(Kind kind, List<String> from, String to) {
        return new Builder(kind, List.copyOf(from), to);
    }

    /** Collects the options of a request. */
    public static final class Builder {

        private final Kind kind;
        private final List<String> from;
        private final String to;

        @CheckForNull
        private String id;

        @CheckForNull
        private String set;

        @CheckForNull
        private String revision;

        @CheckForNull
        private RolloutRequirement require;

        @CheckForNull
        private String subject;

        @CheckForNull
        private String buildUrl;

        @CheckForNull
        private String requester;

        private boolean redeliver;

        @CheckForNull
        private BodyChanges body;

        private Builder(Kind kind, List<String> from, String to) {
            this.kind = kind;
            this.from = from;
            this.to = to;
        }

        public Builder id(String value) {
            id = value;
            return this;
        }

        public Builder set(@Nullable String value) {
            set = value;
            return this;
        }

        public Builder revision(@Nullable String value) {
            revision = value;
            return this;
        }

        public Builder require(@Nullable RolloutRequirement value) {
            require = value;
            return this;
        }

        public Builder subject(@Nullable String value) {
            subject = value;
            return this;
        }

        public Builder buildUrl(@Nullable String value) {
            buildUrl = value;
            return this;
        }

        public Builder requester(String value) {
            requester = value;
            return this;
        }

        public Builder redeliver(boolean value) {
            redeliver = value;
            return this;
        }

        public Builder body(@Nullable BodyChanges value) {
            body = value;
            return this;
        }

        /** Creates the request. Without a requester it is the build. */
        public PromotionRequest build() {
            return new PromotionRequest(
                    id == null ? NewChange.newId() : id,
                    kind,
                    from,
                    to,
                    Optional.ofNullable(set),
                    Optional.ofNullable(revision),
                    Optional.ofNullable(require),
                    Optional.ofNullable(subject),
                    Optional.ofNullable(buildUrl),
                    requester != null ? requester : buildUrl != null ? buildUrl : "a build",
                    redeliver,
                    Optional.ofNullable(body));
        }
    }
}
