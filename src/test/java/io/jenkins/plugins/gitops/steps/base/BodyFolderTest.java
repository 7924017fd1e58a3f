package io.jenkins.plugins.gitops.steps.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.jenkins.plugins.gitops.worktree.BodyChanges;
import io.jenkins.plugins.gitops.worktree.FileEntry;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is written or read outside of the folder, on the file systems of Windows, macOS and Linux. */
class BodyFolderTest {

    static Stream<Configuration> systems() {
        return Stream.of(Configuration.windows(), Configuration.osX(), Configuration.unix());
    }

    private static Path folder(FileSystem system) throws IOException {
        Path folder = system.getRootDirectories()
                .iterator()
                .next()
                .resolve("workspace")
                .resolve("cfg");
        return Files.createDirectories(folder);
    }

    private static BodyChanges.File file(String content) {
        return new BodyChanges.File(FileEntry.Kind.REGULAR, content.getBytes(StandardCharsets.UTF_8));
    }

    private static BodyChanges.File link(String target) {
        return new BodyChanges.File(FileEntry.Kind.LINK, target.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(Path root, Map<String, BodyChanges.File> files) throws IOException {
        new BodyFolder.WriteFiles(new TreeMap<>(files)).writeTo(root);
    }

    @ParameterizedTest
    @MethodSource("systems")
    void whatIsWrittenComesBackUnchanged(Configuration configuration) throws IOException {
        try (FileSystem system = Jimfs.newFileSystem(configuration)) {
            Path root = folder(system);
            var files = Map.of("a/b/c.yaml", file("c\n"), "a/l", link("b/c.yaml"), "d", file(""));
            write(root, files);

            var known = new TreeMap<String, FileEntry>();
            files.forEach((path, file) -> known.put(path, FileEntry.of(file.kind(), file.content())));
            var differences = new BodyFolder.ListDifferences(known, new PathPatterns(List.of("**"))).listIn(root);

            assertThat(differences.differing()).isEmpty();
            assertThat(differences.gone()).isEmpty();
            assertThat(new BodyFolder.RemoveDifferingFiles(known).removeFrom(root))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("systems")
    void nothingIsWrittenThroughALink(Configuration configuration) throws IOException {
        try (FileSystem system = Jimfs.newFileSystem(configuration)) {
            Path root = folder(system);
            Path outside = Files.createDirectories(root.resolveSibling("outside"));
            Files.createSymbolicLink(root.resolve("link"), outside);
            Files.createSymbolicLink(root.resolve("file"), outside.resolve("target"));

            assertThatThrownBy(() -> write(root, Map.of("link/x", file("x")))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> write(root, Map.of("file", file("x")))).isInstanceOf(IOException.class);
            assertThat(outside).isEmptyDirectory();
        }
    }

    @Test
    void nothingIsWrittenThroughALinkWhoseNameDiffersByCase() throws IOException {
        try (FileSystem system = Jimfs.newFileSystem(Configuration.windows())) {
            Path root = folder(system);
            Path outside = Files.createDirectories(root.resolveSibling("outside"));

            assertThatThrownBy(() -> write(root, Map.of("Link", link("../outside"), "link/x", file("x"))))
                    .isInstanceOf(IOException.class);
            assertThat(outside).isEmptyDirectory();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C:/Users/x.bat",
                "C:x.bat",
                "/x",
                "//server/share/x",
                "\\x",
                "..\\x",
                "../x",
                "a/../../x",
                "a\\..\\..\\x",
                "",
                ".",
                "a//b"
            })
    void pathsThatLeaveTheFolderOnWindowsAreRefused(String path) throws IOException {
        try (FileSystem system = Jimfs.newFileSystem(Configuration.windows())) {
            Path root = folder(system);

            assertThatThrownBy(() -> BodyFolder.resolve(root, path)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> write(root, Map.of(path, file("x")))).isInstanceOf(IOException.class);
            try (Stream<Path> files = Files.walk(root.getRoot())) {
                assertThat(files.filter(Files::isRegularFile)).isEmpty();
            }
        }
    }
}
