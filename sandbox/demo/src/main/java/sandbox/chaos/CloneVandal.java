package sandbox.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;

/** Damages a file of a clone: truncates it, inverts a byte, deletes it, or creates a lock file beside it. */
final class CloneVandal {
    private CloneVandal() {}

    /**
     * Damages one random file of the clones in a home; returns a description, empty if there is no file or it cannot be
     * made writable.
     */
    static String damage(Path home, Random random) throws IOException {
        Path clones = home.resolve("gitops-waves");
        if (!Files.isDirectory(clones)) {
            return "";
        }
        List<Path> files;
        try (var found = Files.walk(clones)) {
            files = found.filter(Files::isRegularFile).sorted().toList();
        }
        if (files.isEmpty()) {
            return "";
        }
        Path file = files.get(random.nextInt(files.size()));
        if (!file.toFile().setWritable(true)) {
            return "";
        }
        return switch (random.nextInt(4)) {
            case 0 -> {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(channel.size() / 2);
                }
                yield "truncated " + file;
            }
            case 1 -> {
                byte[] bytes = Files.readAllBytes(file);
                if (bytes.length > 0) {
                    int at = random.nextInt(bytes.length);
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        channel.write(ByteBuffer.wrap(new byte[] {(byte) ~bytes[at]}), at);
                    }
                }
                yield "flipped " + file;
            }
            case 2 -> {
                Files.delete(file);
                yield "deleted " + file;
            }
            default -> {
                Path lock = file.resolveSibling(file.getFileName() + ".lock");
                if (!Files.exists(lock)) {
                    Files.createFile(lock);
                }
                yield "locked " + file;
            }
        };
    }
}
