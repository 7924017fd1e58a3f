package io.jenkins.plugins.gitops.queue;

import java.io.IOException;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/** Inserts objects into a clone, and reads them before they are flushed to it. */
record ObjectSession(ObjectInserter inserter, ObjectReader reader, RevWalk walk) implements AutoCloseable {

    /** From this number of commits on, objects are written into one pack instead of a file each. */
    private static final int PACK_FROM = 5;

    /**
     * Opens a session.
     *
     * @param commits about how many commits will be inserted
     */
    static ObjectSession open(Repository git, int commits) {
        ObjectInserter inserter = commits >= PACK_FROM && git.getObjectDatabase() instanceof ObjectDirectory files
                ? files.newPackInserter()
                : git.newObjectInserter();
        ObjectReader reader = inserter.newReader();
        return new ObjectSession(inserter, reader, new RevWalk(reader));
    }

    ObjectId treeOf(ObjectId commit) throws IOException {
        return walk.parseCommit(commit).getTree().copy();
    }

    /** Makes everything that was inserted a part of the clone. */
    void flush() throws IOException {
        inserter.flush();
    }

    @Override
    public void close() {
        walk.close();
        reader.close();
        inserter.close();
    }
}
