package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.Serializable;
import java.util.Locale;

/**
 * How far one target of a wave is.
 *
 * @param name the application's
 * @param server the Argo CD server's
 * @param sync Argo CD's own word for how it compares with git, or empty
 * @param health Argo CD's own word for how it is, or empty
 * @param revision the config commit that it was compared with, or null
 * @param reason a sentence; the same as long as nothing changes
 */
public record TargetState(
        String name,
        String server,
        State state,
        String sync,
        String health,
        @CheckForNull String revision,
        String reason)
        implements Serializable {

    public TargetState(
            String name,
            String server,
            State state,
            String sync,
            String health,
            @Nullable String revision,
            String reason) {
        this.name = name;
        this.server = server;
        this.state = state;
        this.sync = sync;
        this.health = health;
        this.revision = revision;
        this.reason = reason;
    }

    /** How far it is, in one word. */
    public enum State {
        /** It runs what is wanted, and is healthy. */
        DEPLOYED,
        /** Argo CD rolls a newer set out there. */
        SUPERSEDED,
        /** Argo CD has not come to the wanted commit yet. */
        LATE,
        /** The commit differs from what is live, and no operation runs. */
        OUT_OF_SYNC,
        /** An operation is asked for or runs. */
        SYNCING,
        /** Operation or health are not yet judged since the last operation. */
        STALE,
        /** It becomes healthy, perhaps. */
        PROGRESSING,
        /** It is not healthy, and does not become so by itself. */
        DEGRADED,
        /** Argo CD cannot say what should be there. */
        BROKEN,
        /** Its operation for the wanted commit failed; Argo CD does not try such a commit again by itself. */
        FAILED,
        /** There is no such application, or it is of another repository. */
        MISSING,
        /** Argo CD says something this version does not know. */
        UNKNOWN;

        /** Whether it needs somebody's hand unless it passes within a grace period. */
        public boolean isUnwell() {
            return this == DEGRADED || this == BROKEN;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
