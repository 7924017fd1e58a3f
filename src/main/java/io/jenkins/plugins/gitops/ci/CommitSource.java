package io.jenkins.plugins.gitops.ci;

import java.util.concurrent.CompletableFuture;

/** A forge that hosts a repository whose history can be read. */
public interface CommitSource {

    /**
     * Reads the commits that one commit contains and another does not; fails with {@link
     * io.jenkins.plugins.gitops.common.ForgeUnavailable} only.
     *
     * @param from the full SHA of the commit whose history is left out
     * @param to the full SHA of the commit whose history is read
     */
    CompletableFuture<CommitRange> commitsBetween(String from, String to);
}
