package io.jenkins.plugins.gitops.worktree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.git.TreeEdit;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes back from an agent is taken for what it is only after it was checked. */
class ConfigTreeTest {

    private static final PathPatterns ALL = new PathPatterns(List.of("**"));

    private final InMemoryRepository git = new InMemoryRepository(new DfsRepositoryDescription("cfg-app"));

    @AfterEach
    void close() {
        git.close();
    }

    private ConfigTree tree(FileMode mode, String name) throws Exception {
        try (ObjectInserter inserter = git.newObjectInserter()) {
            var formatter = new TreeFormatter();
            ObjectId blob = inserter.insert(Constants.OBJ_BLOB, bytes("old"));
            formatter.append(name.getBytes(StandardCharsets.ISO_8859_1), mode, blob);
            formatter.append("z", FileMode.REGULAR_FILE, blob);
            ObjectId tree = inserter.insert(formatter);
            inserter.flush();
            return new ConfigTree(git, ObjectId.zeroId(), tree, Set.of("images.json", "images/staging/images.json"));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static FileEntry state(String content) {
        return FileEntry.of(FileEntry.Kind.REGULAR, bytes(content));
    }

    private static BodyChanges.File file(String content) {
        return new BodyChanges.File(FileEntry.Kind.REGULAR, bytes(content));
    }

    private static ConfigTree.Wanted wanted(ConfigTree tree, SortedMap<String, FileEntry> found) throws Exception {
        return tree.wanted(ALL, found, Set.of(), files -> Map.of());
    }

    @Test
    void knowsFilesAsGitDoes() throws Exception {
        ConfigTree tree = tree(FileMode.REGULAR_FILE, "a");

        assertThat(tree.files()).containsEntry("a", state("old")).containsEntry("z", state("old"));
        assertThat(tree.content("a")).isEqualTo(bytes("old"));
    }

    @Test
    void takesJustWhatWasListed() throws Exception {
        ConfigTree tree = tree(FileMode.REGULAR_FILE, "a");
        var found = new TreeMap<>(Map.of("a", state("new"), "images.json", state("x"), "z", state("old")));

        ConfigTree.Wanted wanted = wanted(tree, found);

        assertThat(wanted.changed()).containsOnlyKeys("a");
        assertThat(tree.checked(wanted, Map.of("a", file("new"), "b", file("uncalled for")))
                        .files())
                .containsOnlyKeys("a");
        assertThatThrownBy(() -> tree.checked(wanted, Map.of("a", file("newer"))))
                .isInstanceOf(RequestRefused.class)
                .hasMessageContaining("changed while it was read");
        assertThatThrownBy(() -> tree.checked(wanted, Map.of())).isInstanceOf(RequestRefused.class);
    }

    @Test
    void refusesTooManyFiles() throws Exception {
        var found = new TreeMap<String, FileEntry>();
        for (int i = 0; i <= ConfigTree.MAX_FILES; i++) {
            found.put("file" + i, state(""));
        }

        assertThatThrownBy(() -> wanted(tree(FileMode.REGULAR_FILE, "a"), found))
                .isInstanceOf(RequestRefused.class)
                .hasMessageContainingAll("10001 files", "bodyPaths");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../a",
                "/a",
                "a/../b",
                ".git/hooks/x",
                "a/.GIT/config",
                "a//b",
                "z/below",
                "Z",
                "a\u0000b",
                "C:/Users/x.bat",
                "C:x",
                "a/b:stream",
                ".git::$INDEX_ALLOCATION/config",
                "git~1/config",
                ".g\u200cit/config",
                ".git./config",
                "nul",
                "a/aux.yaml",
                "com1",
                "a\\b",
                "CONOUT$",
                "com\u00b2.yaml",
                "a/lpt0",
                "con .yaml",
                "a?b",
                "a\"b",
                ".git /config",
                ".g\u0131t/../.git/x",
                "Images.json",
                "\u0131mages/../images.json",
                "images",
                "images/staging",
                "IMAGES/staging/images.json",
                "images/staging/image\u017f.json",
                "images/staging/images.json/x"
            })
    void refusesPathsThatCouldLeaveTheirPlace(String path) throws Exception {
        ConfigTree tree = tree(FileMode.REGULAR_FILE, "a");

        assertThatThrownBy(() -> wanted(tree, new TreeMap<>(Map.of(path, state("x")))))
                .isInstanceOf(RequestRefused.class);
    }

    @Test
    void leavesSubmodulesAlone() throws Exception {
        ConfigTree tree = tree(FileMode.GITLINK, "module");

        assertThat(wanted(tree, new TreeMap<>(Map.of("module/file", state("x"))))
                        .changed())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\b", "con\ntrol", "trailing.", "\u00ff"})
    void leavesOutWhatHasNoPlaceInAWorkspaceAndKeepsIt(String name) throws Exception {
        ConfigTree tree = tree(FileMode.REGULAR_FILE, name);

        assertThat(tree.leftOut()).hasSize(1);
        assertThat(tree.files()).containsOnlyKeys("z");
        ConfigTree.Wanted wanted = wanted(tree, new TreeMap<>(Map.of("new", state("new"))));
        assertThat(tree.checked(wanted, Map.of("new", file("new"))).files()).containsOnlyKeys("new");
    }

    private BodyChanges linked(Map<String, String> before, Map<String, String> made) throws Exception {
        try (ObjectInserter inserter = git.newObjectInserter();
                var reader = inserter.newReader()) {
            var entries = new TreeMap<String, Optional<TreeEdit.Entry>>();
            for (var link : before.entrySet()) {
                ObjectId blob = inserter.insert(Constants.OBJ_BLOB, bytes(link.getValue()));
                entries.put(link.getKey(), Optional.of(new TreeEdit.Entry(FileMode.SYMLINK, blob)));
            }
            ObjectId tree = new TreeEdit(reader, inserter).applyEntries(ObjectId.zeroId(), entries);
            inserter.flush();
            var config = new ConfigTree(git, ObjectId.zeroId(), tree, Set.of());
            var found = new TreeMap<String, FileEntry>();
            var contents = new TreeMap<String, BodyChanges.File>();
            made.forEach((path, target) -> {
                found.put(path, FileEntry.of(FileEntry.Kind.LINK, bytes(target)));
                contents.put(path, new BodyChanges.File(FileEntry.Kind.LINK, bytes(target)));
            });
            return config.checked(wanted(config, found), contents);
        }
    }

    @Test
    void refusesLinksThatLeaveTheRepositoryOnlyTogether() {
        assertThatThrownBy(() -> linked(Map.of(), Map.of("a/up", "..", "b", "a/up/..")))
                .isInstanceOf(RequestRefused.class)
                .hasMessageContaining("leaves the repository");
        assertThatThrownBy(() -> linked(Map.of("a/up", "..", "d/f", "../a/b/g"), Map.of("l", "a/up/../../etc")))
                .isInstanceOf(RequestRefused.class);
        // What was a folder when the old link was made is a link now.
        assertThatThrownBy(() -> linked(Map.of("x/l", "y/../../ok"), Map.of("x/y", "..")))
                .isInstanceOf(RequestRefused.class)
                .hasMessageContaining("x/l");
        assertThatThrownBy(() -> linked(Map.of(), Map.of("a", "b", "b", "a")))
                .isInstanceOf(RequestRefused.class)
                .hasMessageContaining("links");
        assertThatThrownBy(() -> linked(Map.of("Up/here", "../.."), Map.of("l", "up/here/../x")))
                .as("where case does not count")
                .isInstanceOf(RequestRefused.class);
    }

    /**
     * The first link stays, and the second one too, where its third name is that of a folder. A file system for which
     * it is that of the first link is led out of the repository.
     */
    @ParameterizedTest
    @CsvSource({
        "a/b/S, a/b/s", // Windows and macOS
        "a/b/\u017f, a/b/s", // APFS: a long s
        "a/b/\u00df, a/b/ss", // APFS: a sharp s
        "a/b/\ufb01, a/b/fi", // APFS: a ligature
        "a/b/\u212a, a/b/k", // the sign of the kelvin
        "a/b/s\u200c, a/b/s", // HFS+ leaves out what cannot be seen
        "a/b/\u202es, a/b/s",
        "a/b/s\ufeff, a/b/s",
        "a/b/\u00e9, a/b/e\u0301", // HFS+ decomposes
        "a/b/longer-name, a/b/LONGER~1", // NTFS and FAT have a second name
        "a/b/longer-name, a/b/longer~12",
        "a/b/longer.html, a/b/LONGER~1.HTM"
    })
    void refusesLinksThatLeaveTheRepositoryWhereTwoNamesAreOne(String link, String name) {
        assertThatThrownBy(() -> linked(Map.of(), Map.of(link, "../..", "l", name + "/../../../etc")))
                .as("made together")
                .isInstanceOf(RequestRefused.class);
        assertThatThrownBy(() -> linked(Map.of(link, "../.."), Map.of("l", name + "/../../../etc")))
                .as("one after the other")
                .isInstanceOf(RequestRefused.class);
        if (!name.contains("~")) {
            assertThatThrownBy(() -> linked(Map.of("l", name + "/../../../etc"), Map.of(link, "../..")))
                    .as("the other way round")
                    .isInstanceOf(RequestRefused.class);
        }
    }

    /** Each of two files that are one on some system would be lost there. */
    @ParameterizedTest
    @CsvSource({"A, a", "\u017f, s", "stra\u00dfe, STRASSE", "x\u200d, x", "\u00c5, A\u030a", "\ufb00/x, FF/x"})
    void refusesFilesThatAreOneOnSomeSystem(String one, String other) throws Exception {
        assertThatThrownBy(() -> wanted(
                        tree(FileMode.REGULAR_FILE, "q"), new TreeMap<>(Map.of(one, state("1"), other, state("2")))))
                .isInstanceOf(RequestRefused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {".gitmodules", ".GitModules", ".gitmodule\u017f", "GITMOD~1", "gi7eba~1"})
    void refusesALinkThatGitDoesNotTake(String name) {
        assertThatThrownBy(() -> linked(Map.of(), Map.of(name, "z"))).isInstanceOf(RequestRefused.class);
    }

    @Test
    void takesLinksThatStayAndDoesNotAskForOldOnes() throws Exception {
        assertThat(linked(Map.of("old", "/etc"), Map.of("a/up", "..", "b", "a/up/c", "d/e/f", "../../b/./x/../y"))
                        .files())
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "git~1/config",
                ".g\u200cit/config",
                ".git./config",
                ".git /config",
                ".git::$INDEX_ALLOCATION/config",
                ".GIT/config",
                "C:/Users/x.bat",
                "C:x",
                "//server/share",
                "\\\\server\\share",
                "a/../../b",
                "nul",
                "x/aux.txt",
                "CONIN$",
                "a/conout$.log",
                "com\u00b9",
                "LPT\u00b2.txt",
                "com0",
                "nul .txt",
                "a/b<c",
                "a/b|c",
                "file:///etc/passwd",
                "C:",
                "./../x",
                "z/../../x",
                "~1/../../x",
                "a\u0000b",
                "",
            })
    void refusesLinksToPlacesThatAreNoneOnSomeSystem(String target) {
        assertThatThrownBy(() -> linked(Map.of(), Map.of("l", target))).isInstanceOf(RequestRefused.class);
    }
}
