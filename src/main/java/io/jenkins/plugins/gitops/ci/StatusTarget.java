package io.jenkins.plugins.gitops.ci;

import java.util.concurrent.CompletableFuture;

/** A forge to which statuses of commits can be posted. */
public interface StatusTarget {

    /** Returns whether statuses are to be posted. */
    boolean isEnabled();

    /** Posts a status of a commit; fails with {@link io.jenkins.plugins.gitops.common.ForgeUnavailable} only. */
    CompletableFuture<Void> post(String sha, OutgoingStatus status);
}
