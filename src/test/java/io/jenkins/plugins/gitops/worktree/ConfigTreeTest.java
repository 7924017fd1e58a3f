package io.jenkins.plugins.gitops.worktree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.common.RequestRefused;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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
            strings = {"../a", "/a", "a/../b", ".git/hooks/x", "a/.GIT/config", "a//b", "z/below", "Z", "a\u0000b"})
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
    void refusesToLayOutWhatHasNoPlaceInAWorkspace(String name) {
        assertThatThrownBy(() -> tree(FileMode.REGULAR_FILE, name))
                .isInstanceOf(RequestRefused.class)
                .hasMessageContaining("cannot be laid out");
    }
}
