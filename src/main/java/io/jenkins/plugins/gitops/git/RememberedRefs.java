package io.jenkins.plugins.gitops.git;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import org.eclipse.jgit.errors.LockFailedException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;

/**
 * The refs of a clone. Their values are the last ones that the driver accepted from the server, or that the server
 * accepted in a push.
 */
final class RememberedRefs {

    private final Repository git;
    private final CloneGc gc;

    /** A ref cannot be written because of a lock file, which could not be deleted. */
    static final class RefLocked extends IOException {

        private static final long serialVersionUID = 1L;

        RefLocked(String ref) {
            super("the ref " + ref + " is locked");
        }
    }

    RememberedRefs(Repository git, CloneGc gc) {
        this.git = git;
        this.gc = gc;
    }

    RefSnapshot read(RefNames names) throws IOException {
        var refs = new HashMap<String, ObjectId>();
        for (Ref ref : git.getRefDatabase().getRefs()) {
            if (names.covers(ref.getName()) && ref.getObjectId() != null) {
                refs.put(ref.getName(), ref.getObjectId());
            }
        }
        return new RefSnapshot(names, refs);
    }

    void write(RefSnapshot view) throws IOException {
        RefSnapshot before = read(view.names());
        for (String ref : before.refs().keySet()) {
            if (!view.refs().containsKey(ref)) {
                write(ref, ObjectId.zeroId());
            }
        }
        for (var ref : view.refs().entrySet()) {
            if (!ref.getValue().equals(before.get(ref.getKey()))) {
                write(ref.getKey(), ref.getValue());
            }
        }
        if (!view.refs().equals(before.refs())) {
            gc.look();
        }
    }

    void write(List<RefChange> changes) throws IOException {
        for (RefChange change : changes) {
            write(change.ref(), change.to());
        }
    }

    private void write(String ref, ObjectId to) throws IOException {
        RefUpdate.Result result = update(ref, to);
        if (result == RefUpdate.Result.LOCK_FAILURE && git.getDirectory() != null) {
            // While the housekeeping is paused, only a process that has ended can have left the lock.
            gc.pauseFor(
                    () -> CloneFolder.deleteLocks(git.getDirectory().toPath()));
            result = update(ref, to);
        }
        switch (result) {
            case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {}
            case LOCK_FAILURE -> throw new RefLocked(ref);
            default -> throw new IOException("the ref " + ref + " of the clone cannot be written: " + result);
        }
    }

    private RefUpdate.Result update(String ref, ObjectId to) throws IOException {
        RefUpdate update = git.updateRef(ref);
        update.setForceUpdate(true);
        try {
            if (to.equals(ObjectId.zeroId())) {
                return update.delete();
            }
            update.setNewObjectId(to);
            return update.forceUpdate();
        } catch (LockFailedException e) {
            return RefUpdate.Result.LOCK_FAILURE;
        }
    }
}
