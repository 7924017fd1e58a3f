package sandbox.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The workspace of a build while it runs: the folder of its job, or with {@code @2}, {@code @3} and so on behind its
 * name while other builds have that, also those of other processes with the same home.
 */
final class WorkspaceLease {
    private static final int MOST = 1000;

    private final Path folder;
    private final FileChannel lock;

    private WorkspaceLease(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** A folder that the user has named, which any number of builds may share. */
    static WorkspaceLease of(Path folder) {
        return new WorkspaceLease(folder, null);
    }

    /** Takes the first workspace of a job that no other build has. */
    static WorkspaceLease take(Path workspaces, String job) throws IOException {
        Path locks = Files.createDirectories(workspaces.resolve(".locks"));
        for (int i = 1; i <= MOST; i++) {
            String name = i == 1 ? job : job + "@" + i;
            FileChannel lock = FileChannel.open(
                    locks.resolve(name.replace('/', '%')), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (lock.tryLock() != null) {
                    return new WorkspaceLease(workspaces.resolve(name), lock);
                }
            } catch (OverlappingFileLockException e) {
                // A build of this process has it.
            }
            lock.close();
        }
        throw new IOException("All " + MOST + " workspaces of the job " + job + " are in use.");
    }

    Path folder() {
        return folder;
    }

    void giveBack() {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
