package io.jenkins.plugins.gitops.git;

import org.eclipse.jgit.lib.ObjectId;

/**
 * A ref to push and what the server must have there for the push to happen (the lease).
 *
 * @param from {@link ObjectId#zeroId()} if the ref must not exist yet
 * @param to {@link ObjectId#zeroId()} to delete it
 */
public record RefChange(String ref, ObjectId from, ObjectId to) {

    boolean changesNothing() {
        return from.equals(to);
    }
}
