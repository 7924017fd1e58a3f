package io.jenkins.plugins.gitops.steps.base;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.steps.base.WorkspaceFile.ReadRegularFile;
import io.jenkins.plugins.gitops.steps.base.WorkspaceFile.ReadRegularFile.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a workspace that are no files, or no longer those that they were. */
@Timeout(60)
class WorkspaceFileTest {

    private static final String JSON = "{\"containerimage.digest\": \"sha256:0\"}";

    @TempDir
    Path workspace;

    private Path file() {
        return workspace.resolve("metadata.json");
    }

    private WorkspaceFile read() {
        return new WorkspaceFile(new FilePath(file().toFile()), "metadata.json");
    }

    private void assertRefused(String sentence) {
        assertThatThrownBy(() -> read().read())
                .isInstanceOf(AbortException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void aFileIsReadAlsoBehindLinks() throws Exception {
        Files.createDirectory(workspace.resolve("out"));
        Files.writeString(workspace.resolve("out/built.json"), JSON);
        Files.createSymbolicLink(workspace.resolve("link"), Path.of("out"));
        Files.createSymbolicLink(file(), Path.of("link/built.json"));

        assertThat(read().read()).isEqualTo(JSON);
    }

    @Test
    void nothingIsReadOfWhatIsNoFile() throws Exception {
        assertRefused("There is no file metadata.json");
        Files.createSymbolicLink(file(), Path.of("gone"));
        assertRefused("There is no file metadata.json");
        Files.delete(file());
        Files.createDirectory(file());
        assertRefused("is not a regular file");
        Files.delete(file());
        Files.createSymbolicLink(file(), Path.of("/dev/zero"));
        assertRefused("is not a regular file");
        Files.delete(file());
        assertThat(new ProcessBuilder("mkfifo", file().toString()).start().waitFor())
                .isZero();
        assertRefused("is not a regular file");
    }

    @Test
    void theSizeIsLimitedExactly() throws Exception {
        Files.write(file(), new byte[Json.MAX_BYTES]);
        assertThat(read().read()).hasSize(Json.MAX_BYTES);
        Files.write(file(), new byte[Json.MAX_BYTES + 1]);
        assertRefused("over 1 MiB");
    }

    /** What the path leads to when it is opened, after it was looked at. */
    @ParameterizedTest
    @ValueSource(strings = {"/dev/zero", "/dev/urandom", "/proc/self/environ", "/proc/self/maps"})
    void whatWasPutInThePlaceOfTheFileGivesNoContent(String other) throws IOException {
        assumeTrue(Files.exists(Path.of(other)));
        try (FileChannel opened = FileChannel.open(Path.of(other), READ)) {
            assertThat(ReadRegularFile.read(opened).kind()).isEqualTo(Kind.CHANGING);
            assertThat(ReadRegularFile.read(opened).content()).isEmpty();
        }
    }

    @Test
    void aPipeOrFolderInThePlaceOfTheFileGivesNoContent() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", file().toString()).start().waitFor())
                .isZero();
        try (FileChannel opened = FileChannel.open(file(), READ, WRITE)) {
            opened.write(UTF_8.encode(JSON));
            assertThatThrownBy(() -> ReadRegularFile.read(opened)).isInstanceOf(IOException.class);
        }
        try (FileChannel opened = FileChannel.open(workspace, READ)) {
            assertThatThrownBy(() -> ReadRegularFile.read(opened)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aFileThatGrowsOrShrinksMeanwhileIsRefusedOrReadWhole() throws Exception {
        Files.writeString(file(), JSON);
        var grower = new Thread(() -> {
            try (FileChannel out = FileChannel.open(file(), WRITE)) {
                while (!Thread.currentThread().isInterrupted()) {
                    out.truncate(1).position(1).write(UTF_8.encode(JSON.substring(1)));
                }
            } catch (IOException e) {
                // Closed by the interrupt.
            }
        });
        grower.start();
        try {
            for (int i = 0; i < 200; i++) {
                try (FileChannel opened = FileChannel.open(file(), READ)) {
                    ReadRegularFile.Found found = ReadRegularFile.read(opened);
                    assertThat(found.content()).hasSizeLessThanOrEqualTo(JSON.length());
                    assertThat(found.kind()).isIn(Kind.REGULAR, Kind.CHANGING);
                }
            }
        } finally {
            grower.interrupt();
            grower.join(30_000);
        }
    }
}
