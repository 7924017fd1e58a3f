package io.jenkins.plugins.gitops.git;

import org.eclipse.jgit.lib.ObjectId;

/**
 * A change of a ref on the server, with a lease: the push fails unless the server has the old value.
 *
 * @param from {@link ObjectId#zeroId()} if the ref must not exist yet
 * @param to {@link ObjectId#zeroId()} to delete it
 */
public record RefChange(String ref, ObjectId from, ObjectId to) {}
