package io.jenkins.plugins.gitops.git;

import java.io.IOException;
import org.eclipse.jgit.lib.Repository;

/** Where the clone of a config repository lies; its text names the place for people. */
public interface CloneStore {

    /** Opens the clone, or makes an empty one. */
    Repository open() throws IOException;

    /** Deletes the clone, which is closed, with all it holds. */
    void delete() throws IOException;
}
