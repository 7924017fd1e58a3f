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
            return new ConfigTree(git, ObjectId.zeroId(), tree, Set.of("images.json"));
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
                "a\\b"
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
                "a\u0000b",
                "",
            })
    void refusesLinksToPlacesThatAreNoneOnSomeSystem(String target) {
        assertThatThrownBy(() -> linked(Map.of(), Map.of("l", target))).isInstanceOf(RequestRefused.class);
    }
}
