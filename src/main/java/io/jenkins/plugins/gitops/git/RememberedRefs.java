package io.jenkins.plugins.gitops.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.LockFailedException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;

/**
 * The refs of a clone. Their values are the last ones that the driver accepted from the server, or that the server
 * accepted in a push. Of the plugin's refs these are the ones that {@link RefNames#isRemembered} names: a later round
 * compares with them, and they keep what rounds read from being collected as garbage.
 */
final class RememberedRefs {

    private final Repository git;
    private final CloneGc gc;

    /** What the files have, which only this object writes; null until they have been read. */
    @CheckForNull
    private Map<String, ObjectId> known;

    /** A ref cannot be written because of something else in the clone that is in its way. */
    static final class RefBlocked extends IOException {

        private static final long serialVersionUID = 1L;

        private RefBlocked(String message) {
            super(message);
        }

        /** A lock file, which could not be deleted. */
        static RefBlocked locked(String ref) {
            return new RefBlocked("the ref " + ref + " is locked");
        }

        /** What is there instead of a folder. */
        static RefBlocked noFolder(String ref, Path folder) {
            return new RefBlocked(
                    "the ref " + ref + " has no place, since " + folder.getFileName() + " is not a folder");
        }
    }

    RememberedRefs(Repository git, CloneGc gc) {
        this.git = git;
        this.gc = gc;
    }

    RefSnapshot read(RefNames names) throws IOException {
        var refs = new HashMap<>(known());
        refs.keySet().removeIf(ref -> !names.isRemembered(ref));
        return new RefSnapshot(names, refs);
    }

    private Map<String, ObjectId> known() throws IOException {
        if (known == null) {
            var refs = new HashMap<String, ObjectId>();
            for (Ref ref : git.getRefDatabase().getRefs()) {
                if (ref.getObjectId() != null) {
                    refs.put(ref.getName(), ref.getObjectId());
                }
            }
            known = refs;
        }
        return known;
    }

    void write(RefSnapshot view) throws IOException {
        RefSnapshot before = read(view.names());
        List<RefChange> changes = Stream.concat(before.refs().keySet().stream(), view.refs().keySet().stream())
                .distinct()
                .filter(view.names()::isRemembered)
                .map(ref -> before.move(ref, view.get(ref)))
                .filter(change -> !change.from().equals(change.to()))
                .toList();
        write(changes);
        if (!changes.isEmpty()) {
            gc.look();
        }
    }

    void write(List<RefChange> changes) throws IOException {
        for (RefChange change : changes) {
            write(change.ref(), change.to());
            if (change.to().equals(ObjectId.zeroId())) {
                known().remove(change.ref());
            } else {
                known().put(change.ref(), change.to());
            }
        }
    }

    private void write(String ref, ObjectId to) throws IOException {
        try {
            tryToWrite(ref, to);
        } catch (IOException e) {
            checkFolders(ref);
            throw e;
        }
    }

    private void tryToWrite(String ref, ObjectId to) throws IOException {
        RefUpdate.Result result = update(ref, to);
        if (result == RefUpdate.Result.LOCK_FAILURE && git.getDirectory() != null) {
            // While the housekeeping is paused, only a process that has ended can have left the lock.
            gc.pauseFor(() -> CloneFolder.deleteLocks(git.getDirectory().toPath()));
            result = update(ref, to);
        }
        switch (result) {
            case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {}
            case LOCK_FAILURE -> throw RefBlocked.locked(ref);
            default -> throw new IOException("the ref " + ref + " of the clone cannot be written: " + result);
        }
    }

    /** Checks after a failure whether something else is in the place of a folder of the ref. */
    private void checkFolders(String ref) throws RefBlocked {
        if (git.getDirectory() == null) {
            return;
        }
        Path clone = git.getDirectory().toPath();
        for (Path folder = clone.resolve(ref).getParent(); !folder.equals(clone); folder = folder.getParent()) {
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(folder)) {
                throw RefBlocked.noFolder(ref, folder);
            }
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
