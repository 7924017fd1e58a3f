package io.jenkins.plugins.gitops.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Texts that would take minutes to compare are neither shown nor merged, and hold up nothing. */
class TreeDiffTest {

    private final InMemoryRepository git = new InMemoryRepository(new DfsRepositoryDescription("cfg-app"));
    private final GitObjects objects = new GitObjects(git);

    @AfterEach
    void close() {
        git.close();
    }

    private static List<String> lines() {
        return IntStream.range(0, 400_000).mapToObj(i -> "line " + i / 100).toList();
    }

    private static List<String> shuffled(List<String> lines, int seed) {
        List<String> shuffled = new ArrayList<>(lines);
        Collections.shuffle(shuffled, new Random(seed));
        return shuffled;
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }

    private ObjectId commit(Map<String, String> files) {
        var blobs = new TreeMap<String, ObjectId>();
        files.forEach((path, text) -> blobs.put(path, objects.blob(text)));
        return objects.commit(List.of(), blobs, "files", new PersonIdent("Ada", "ada@example.com"));
    }

    @Test
    void aFileThatTakesTooLongIsNamedAndTheOthersAreShown() throws Exception {
        ObjectId before = commit(Map.of("a.txt", text(lines()), "b.txt", "one\n"));
        ObjectId after = commit(Map.of("a.txt", text(shuffled(lines(), 1)), "b.txt", "two\n"));

        assertThat(TreeDiff.of(git, before, after))
                .contains("diff --git a/a.txt b/a.txt\n[too large to show: 400000 lines before, 400000 lines after]\n")
                .contains("-one\n+two\n");
    }

    @Test
    void aLargeFileWithAFewChangesIsShown() throws Exception {
        List<String> changed = new ArrayList<>(lines());
        changed.set(5, "changed");
        changed.set(399_995, "changed too");

        assertThat(TreeDiff.of(git, commit(Map.of("a", text(lines()))), commit(Map.of("a", text(changed)))))
                .contains("+changed\n", "+changed too\n");
    }

    @Test
    void textsThatTakeTooLongConflict() throws Exception {
        ObjectId base = objects.tree(commit(Map.of("a.txt", text(lines()))));
        ObjectId ours = objects.tree(commit(Map.of("a.txt", text(shuffled(lines(), 1)))));
        ObjectId theirs = objects.tree(commit(Map.of("a.txt", text(shuffled(lines(), 2)))));

        try (ObjectInserter inserter = git.newObjectInserter();
                var reader = inserter.newReader()) {
            assertThat(new TreeMerge(reader, inserter).merge(base, ours, theirs))
                    .isEqualTo(new TreeMerge.Result(Optional.empty(), List.of("a.txt")));
        }
    }
}
