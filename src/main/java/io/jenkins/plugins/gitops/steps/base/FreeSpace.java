package io.jenkins.plugins.gitops.steps.base;

import com.google.common.annotations.VisibleForTesting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether there is space on a disk for what a build saves. */
final class FreeSpace {

    /** More than the program of a build takes. */
    @VisibleForTesting
    static final int NEEDED_BYTES = 1 << 20;

    private FreeSpace() {}

    /** Whether the disk of a folder has space; one that cannot be asked is taken to have some. */
    static boolean isLeft(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace() >= NEEDED_BYTES || canWrite(folder);
        } catch (IOException e) {
            return true;
        }
    }

    /** Whether as much can be written: some file systems do not know what they have. */
    private static boolean canWrite(Path folder) throws IOException {
        Path file = folder.resolve("space.tmp");
        try {
            Files.write(file, new byte[NEEDED_BYTES]);
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
