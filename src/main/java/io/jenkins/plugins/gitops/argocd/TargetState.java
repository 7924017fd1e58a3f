package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import java.util.Locale;
import java.util.Optional;

/**
 * The progress of a rollout on one target of a wave. A target is an Argo CD application.
 *
 * @param id the application; its namespace can be empty where the configuration leaves it out and there is none such
 * @param server the name of the Argo CD server
 * @param name the application as it is shown: its name, after the namespace where the wave has another of that name
 * @param reported what is reported of the application
 * @param reason the reason of the state, a sentence; it stays the same as long as nothing changes
 */
public record TargetState(
        ApplicationId id, String server, String name, State state, ReportedStatus reported, String reason) {

    /**
     * What Argo CD, or Flux, reports of an application.
     *
     * @param sync its sync status as Argo CD wrote it; empty if there is no such application
     * @param health its health as Argo CD wrote it; empty if there is no such application
     * @param revision the config commit that Argo CD compared it with, if it did
     */
    public record ReportedStatus(Optional<String> sync, Optional<String> health, Optional<String> revision) {

        /** The status of an application that there is not. */
        public static final ReportedStatus NONE =
                new ReportedStatus(Optional.empty(), Optional.empty(), Optional.empty());

        public static ReportedStatus of(String sync, String health, @Nullable String revision) {
            return new ReportedStatus(Optional.of(sync), Optional.of(health), Optional.ofNullable(revision));
        }
    }

    /** Creates a state that shows the application by its name alone. */
    public TargetState(ApplicationId id, String server, State state, ReportedStatus reported, String reason) {
        this(id, server, id.name(), state, reported, reason);
    }

    public Optional<String> sync() {
        return reported.sync();
    }

    public Optional<String> health() {
        return reported.health();
    }

    public Optional<String> revision() {
        return reported.revision();
    }

    /** Returns the same state, shown by namespace and name. */
    TargetState shownWithNamespace() {
        return new TargetState(id, server, id.toString(), state, reported, reason);
    }

    /** The key of the target among all targets, as text that can be saved. */
    public String key() {
        return server + "/" + id;
    }

    /** The progress of a target. */
    public enum State {
        /** It runs the wanted set, and is healthy. */
        DEPLOYED,
        /** Argo CD deploys a newer set there. */
        SUPERSEDED,
        /** Argo CD has not compared the application with the wanted commit yet, or its ApplicationSet lets others go first. */
        LATE,
        /** The commit differs from what is live, and no operation runs. */
        OUT_OF_SYNC,
        /** An operation is requested or running. */
        SYNCING,
        /** Argo CD has not assessed the application since its last operation. */
        STALE,
        /** Its resources are not healthy yet, but may become so by themselves. */
        PROGRESSING,
        /** Something of it is paused until somebody resumes it, such as a deployment or a job. */
        SUSPENDED,
        /** It is not healthy, and does not become so by itself. */
        DEGRADED,
        /** Argo CD cannot render or compare its manifests. */
        BROKEN,
        /** Its operation for the wanted commit failed; Argo CD does not try such a commit again by itself. */
        FAILED,
        /** Somebody has deleted it, and Argo CD removes its resources. */
        DELETING,
        /** There is no such application, or it takes its manifests from another repository. */
        MISSING,
        /** Argo CD reports a status that this version does not know. */
        UNKNOWN;

        /** Returns whether somebody has to act unless the state passes within a grace period. */
        public boolean isUnwell() {
            return this == DEGRADED || this == BROKEN || this == DELETING;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
