package io.jenkins.plugins.gitops.queue;

import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;

/** Computes the ids of objects without writing them: of trees that are compared only. */
final class IdsOnly extends ObjectInserter.Formatter {

    @Override
    public ObjectId insert(int type, long length, InputStream content) throws IOException {
        return idFor(type, length, content);
    }
}
