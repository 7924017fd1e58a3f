package io.jenkins.plugins.gitops.world;

/** The steps of a deployment of a simulated application, in order. What one step changes becomes visible at once. */
public enum SyncStep {
    /** Compared with git, without a difference: revision and time of the comparison are updated. */
    COMPARED,
    /** Git differs, and automated sync requests an operation. The result of the last operation is removed. */
    OPERATION_REQUESTED,
    /** The comparison that led to the operation is written. */
    OUT_OF_SYNC,
    /** The operation is running. */
    STARTED,
    /** The manifests are applied; the operation waits for the pods because a PostSync hook follows. */
    APPLIED,
    /** The live state equals git; health is still that from before the pods were replaced. */
    SYNCED,
    /** The new pods are starting beside the old ones. */
    PROGRESSING,
    /** The new pods have replaced the old ones, or are degraded as requested. */
    ROLLED_OUT,
    /** The PostSync hook has been called; the operation waits for its response. */
    HOOK_CALLED,
    /** The operation has succeeded. Nothing else was compared again. */
    SUCCEEDED,
    /** The operation has failed. */
    FAILED,
    /** The operation has failed and will be retried: it counts as running, but has a finish time. */
    RETRYING,
    /** Compared with git again after the operation has ended. */
    RECONCILED
}
