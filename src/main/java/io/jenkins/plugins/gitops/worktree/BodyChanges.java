package io.jenkins.plugins.gitops.worktree;

import java.io.Serializable;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;

/**
 * What the body of a step changed in the tree it was given. Made by {@link ConfigTree#checked}, which lets nothing
 * through that a commit must not have.
 *
 * @param base the commit whose tree that was
 * @param files by path; nothing for a file that is gone
 */
public record BodyChanges(ObjectId base, SortedMap<String, Optional<File>> files) {

    /** A new or changed file; the content of a link is its target. */
    public record File(FileEntry.Kind kind, byte[] content) implements Serializable {}

    public BodyChanges {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }
}
