package io.jenkins.plugins.gitops.git;

import java.io.IOException;
import org.eclipse.jgit.lib.Repository;

/** The storage of the clone of a config repository. {@link #toString} names it in messages. */
public interface CloneStore {

    /** Opens the clone; creates an empty one if there is none. */
    Repository open() throws IOException;

    /** Deletes the clone, which must be closed. */
    void delete() throws IOException;
}
