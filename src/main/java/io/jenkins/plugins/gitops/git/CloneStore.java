package io.jenkins.plugins.gitops.git;

import java.io.IOException;
import org.eclipse.jgit.lib.Repository;

/** The storage of the clone of a config repository. {@link #toString} names it in messages. */
public interface CloneStore {

    /**
     * Opens the clone; creates an empty one if there is none.
     *
     * @throws IOException if there is something that cannot be opened as a clone
     */
    Repository open() throws IOException;

    /** Gives up the clone, which must be closed: the next call of {@link #open} creates an empty one. */
    void abandon() throws IOException;
}
