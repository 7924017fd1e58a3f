package io.jenkins.plugins.gitops.common;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Replaces files atomically: a reader, also after a crash, finds the old text or the new one. */
public final class AtomicFile {

    private AtomicFile() {}

    /**
     * Writes a file in UTF-8, with its folder if that is missing. The text is written to a file beside it, which is then
     * moved over it. Not safe for two threads at once.
     */
    public static void write(Path file, CharSequence text) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path written = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
