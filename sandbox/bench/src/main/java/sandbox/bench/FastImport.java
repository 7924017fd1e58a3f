package sandbox.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes commits into a repository with {@code git fast-import}. */
final class FastImport implements AutoCloseable {

    private static final String WHO = "Ada <ada@example.com> ";

    private final Path repository;
    private final Path stream;
    private final BufferedWriter out;

    /** Starts the import, which {@link #close} ends. */
    FastImport(Path repository) throws IOException {
        this.repository = repository;
        this.stream = Files.createTempFile("fast-import", null);
        this.out = Files.newBufferedWriter(stream);
    }

    /**
     * Begins a commit on a ref.
     *
     * @param parent the parent commit; null for the last commit that this import wrote on the ref, if there is one
     * @param second the time of the commit, in seconds since the epoch
     */
    void commit(String ref, String parent, String message, long second) throws IOException {
        out.write("commit " + ref + "\nauthor " + WHO + second + " +0000\ncommitter " + WHO + second + " +0000\n");
        data(message);
        if (parent != null) {
            out.write("from " + parent + "\n");
        }
    }

    /** Adds a file to the last commit. */
    void file(String path, String content) throws IOException {
        out.write("M 100644 inline " + path + "\n");
        data(content);
    }

    private void data(String text) throws IOException {
        out.write("data " + text.getBytes(StandardCharsets.UTF_8).length + "\n" + text + "\n");
    }

    @Override
    public void close() throws IOException {
        out.close();
        GitShell.run(repository, Map.of("STREAM", stream.toString()), "git fast-import --quiet <\"$STREAM\"");
        Files.delete(stream);
    }
}
