package io.jenkins.plugins.gitops.world;

/** What becomes visible of a simulated application at once, in the order in which a deployment goes through it. */
public enum SyncStep {
    /** It was compared with git, and there is nothing to do: the revision and the time of the comparison move. */
    COMPARED,
    /** Git asks for something else, and automated sync asks for an operation. What the last one did is gone. */
    OPERATION_REQUESTED,
    /** The comparison that led to the operation is written down. */
    OUT_OF_SYNC,
    /** The operation is running. */
    STARTED,
    /** The manifests are applied, and the operation waits for the pods, since a hook is to follow. */
    APPLIED,
    /** The live state is what git says; how it is was seen before the pods moved, so it is the old health. */
    SYNCED,
    /** The new pods are seen coming up beside the old ones. */
    PROGRESSING,
    /** The new pods have taken over, or are as bad as was ordered. */
    ROLLED_OUT,
    /** The PostSync hook is called, and the operation waits for its answer. */
    HOOK_CALLED,
    /** The operation has ended well. Nothing but the operation has been looked at anew. */
    SUCCEEDED,
    /** The operation has ended otherwise. */
    FAILED,
    /** The operation has failed and is to be tried again: it counts as running, with a time at which it finished. */
    RETRYING,
    /** It was compared with git again because its operation has ended. */
    RECONCILED
}
