package hudson;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.stream.Stream;

/** Implemented for local files. */
public final class FilePath implements Serializable {
    private static final long serialVersionUID = 1L;
    private final String remote;

    public FilePath(File localPath) {
        this.remote = localPath.getPath();
    }

    public FilePath(FilePath base, String rel) {
        File file = new File(rel);
        this.remote = file.isAbsolute()
                ? rel
                : new File(base.remote, rel).toPath().normalize().toString();
    }

    private File file() {
        return new File(remote);
    }

    public String getRemote() {
        return remote;
    }

    public String getName() {
        return file().getName();
    }

    public void mkdirs() throws IOException, InterruptedException {
        Files.createDirectories(file().toPath());
    }

    public FilePath child(String relOrAbsolute) {
        return new FilePath(this, relOrAbsolute);
    }

    public interface FileCallable<T> extends Serializable {
        T invoke(File f, VirtualChannel channel) throws IOException, InterruptedException;
    }

    public <T> T act(final FileCallable<T> callable) throws IOException, InterruptedException {
        return callable.invoke(file(), null);
    }

    /** Matches by Java globs, which equal Ant patterns for simple forms such as {@code dir/*.json}. */
    public FilePath[] list(final String includes) throws IOException, InterruptedException {
        PathMatcher matcher = file().toPath().getFileSystem().getPathMatcher("glob:" + includes);
        try (Stream<Path> files = Files.walk(file().toPath())) {
            return files.filter(Files::isRegularFile)
                    .filter(each -> matcher.matches(file().toPath().relativize(each)))
                    .map(each -> new FilePath(each.toFile()))
                    .toArray(FilePath[]::new);
        }
    }

    public InputStream read() throws IOException, InterruptedException {
        return Files.newInputStream(file().toPath());
    }

    public OutputStream write() throws IOException, InterruptedException {
        if (file().getParentFile() != null) {
            Files.createDirectories(file().getParentFile().toPath());
        }
        return Files.newOutputStream(file().toPath());
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof FilePath that && remote.equals(that.remote);
    }

    @Override
    public int hashCode() {
        return remote.hashCode();
    }

    @Override
    public String toString() {
        return remote;
    }
}
