package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.stream.Stream;
import org.jenkinsci.remoting.RoleSensitive;
import sandbox.RealController;

/** Living for local files. */
public final class FilePath implements Serializable {
    private static final long serialVersionUID = 1L;
    private final String remote;

    public FilePath(@CheckForNull VirtualChannel channel, @NonNull String remote) {
        if (channel != null) {
            throw RealController.needed();
        }
        this.remote = remote;
    }

    public FilePath(@NonNull File localPath) {
        this.remote = localPath.getPath();
    }

    public FilePath(@NonNull FilePath base, @NonNull String rel) {
        File file = new File(rel);
        this.remote = file.isAbsolute() ? rel : new File(base.remote, rel).toPath().normalize().toString();
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

    @NonNull
    public FilePath child(String relOrAbsolute) {
        return new FilePath(this, relOrAbsolute);
    }

    public interface FileCallable<T> extends Serializable, RoleSensitive {
        T invoke(File f, VirtualChannel channel) throws IOException, InterruptedException;
    }

    public <T> T act(final FileCallable<T> callable) throws IOException, InterruptedException {
        return callable.invoke(file(), null);
    }

    public boolean exists() throws IOException, InterruptedException {
        return file().exists();
    }

    public boolean isDirectory() throws IOException, InterruptedException {
        return file().isDirectory();
    }

    public long length() throws IOException, InterruptedException {
        return file().length();
    }

    /** Takes Java's globs, which are Ant's as far as {@code dir/*.json} goes. */
    @NonNull
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

    public void write(String content, String encoding) throws IOException, InterruptedException {
        try (OutputStream out = write()) {
            out.write(content.getBytes(encoding == null ? Charset.defaultCharset() : Charset.forName(encoding)));
        }
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
