package io.jenkins.plugins.gitops.worktree;

import java.io.Serializable;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The files that the body of a step changed. Created by {@link ConfigTree#checked}, which refuses files that must not
 * be committed.
 *
 * @param base the commit whose tree the body was given
 * @param files the new contents by path; empty for a deleted file
 */
public record BodyChanges(ObjectId base, SortedMap<String, Optional<File>> files) {

    /** A new or changed file; the content of a link is its target. */
    public record File(FileEntry.Kind kind, byte[] content) implements Serializable {}

    public BodyChanges {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }
}
