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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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

    /** On Windows by case, on macOS by case and by the composition of letters too. */
    static Stream<Arguments> namesThatAreOne() {
        return Stream.of(
                Arguments.of(Configuration.windows(), "Link", "link/x"),
                Arguments.of(Configuration.osX(), "Link", "link/x"),
                Arguments.of(Configuration.osX(), "lo\u0308we", "l\u00f6we/x"));
    }

    @ParameterizedTest
    @MethodSource("namesThatAreOne")
    void nothingIsWrittenThroughALinkWhoseNameIsAnotherSpelling(Configuration configuration, String link, String below)
            throws IOException {
        try (FileSystem system = Jimfs.newFileSystem(configuration)) {
            Path root = folder(system);
            Path outside = Files.createDirectories(root.resolveSibling("outside"));

            assertThatThrownBy(() -> write(root, Map.of(link, link("../outside"), below, file("x"))))
                    .isInstanceOf(IOException.class);
            assertThat(outside).isEmptyDirectory();
        }
    }

    /** A process that the body left behind may put a link in the place of what was listed. */
    @ParameterizedTest
    @MethodSource("systems")
    void nothingIsReadThroughALink(Configuration configuration) throws IOException {
        try (FileSystem system = Jimfs.newFileSystem(configuration)) {
            Path root = folder(system);
            Path outside = Files.createDirectories(root.resolveSibling("outside"));
            Files.writeString(outside.resolve("secret"), "a secret of the agent");
            Files.createSymbolicLink(root.resolve("file"), outside.resolve("secret"));
            Files.createSymbolicLink(root.resolve("folder"), outside);
            var listed = FileEntry.of(FileEntry.Kind.REGULAR, "x".repeat(21).getBytes(StandardCharsets.UTF_8));

            assertThat(new BodyFolder.ReadFiles(new TreeMap<>(Map.of("file", listed))).readFrom(root))
                    .isEmpty();
            for (String path : List.of("folder/secret", "../outside/secret", "folder/../../outside/secret")) {
                assertThatThrownBy(() -> new BodyFolder.ReadFiles(new TreeMap<>(Map.of(path, listed))).readFrom(root))
                        .as(path)
                        .isInstanceOf(IOException.class);
            }
            var found = new BodyFolder.ListDifferences(new TreeMap<>(), new PathPatterns(List.of("**"))).listIn(root);
            assertThat(found.differing().values())
                    .as("what is listed of them is where they lead")
                    .allMatch(entry -> entry.kind() == FileEntry.Kind.LINK);
        }
    }

    @ParameterizedTest
    @MethodSource("systems")
    void pathsThatLeaveTheFolderAnywhereAreRefused(Configuration configuration) throws IOException {
        try (FileSystem system = Jimfs.newFileSystem(configuration)) {
            Path root = folder(system);
            for (String path : List.of("/x", "../x", "a/../../x", "", ".", "..", "a//b", "./a", "a/.", "a/../b")) {
                assertThatThrownBy(() -> BodyFolder.resolve(root, path))
                        .as(path)
                        .isInstanceOf(IOException.class);
            }
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

    /** Who is root may delete from it all the same, so the mode says whether others could. */
    @Test
    void aFolderThatToolsMadeReadOnlyIsCleared(@TempDir Path root) throws IOException {
        Path kept = Files.createDirectories(root.resolve("kept"));
        Files.writeString(kept.resolve("wanted"), "wanted");
        Files.writeString(kept.resolve("other"), "other");
        Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("r-xr-xr-x"));
        byte[] content = "wanted".getBytes(StandardCharsets.UTF_8);
        var wanted = new TreeMap<>(Map.of("kept/wanted", FileEntry.of(FileEntry.Kind.REGULAR, content)));

        assertThat(new BodyFolder.RemoveDifferingFiles(wanted).removeFrom(root)).isEmpty();

        assertThat(kept.resolve("other")).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rwxr-xr-x");
    }
}
