package io.jenkins.plugins.gitops.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;

/** Trees are edited and merged as git itself does it, without rename detection. */
class TreeMergeTest {

    private static Path bare;
    private static Repository git;

    @BeforeContainer
    static void begin() throws IOException {
        bare = GitCli.createBare(Files.createTempDirectory("merge").resolve("r.git"), "main");
        git = new FileRepositoryBuilder().setBare().setGitDir(bare.toFile()).build();
    }

    @AfterContainer
    static void end() throws IOException {
        git.close();
        try (Stream<Path> files = Files.walk(bare.getParent())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** A change of some files: new content, or nothing to delete. */
    @Provide
    Arbitrary<Map<String, Optional<String>>> edits() {
        Arbitrary<String> path =
                Arbitraries.of("a", "a/b", "a/b/c", "a.txt", "a-b", "z/y", "z/x", "z0", "ä/ö", "\uD83D\uDE00");
        Arbitrary<Optional<String>> content = Combinators.combine(
                        Arbitraries.of("one", "two", "three"),
                        Arbitraries.of("x", "y"),
                        Arbitraries.integers().between(0, 3))
                .as((first, last, kind) -> kind == 0
                        ? Optional.<String>empty()
                        : Optional.of(first + "\n" + "same\n".repeat(5) + last + "\n"));
        return Arbitraries.maps(path, content).ofMaxSize(4);
    }

    @Property(tries = 250)
    void treesAreMergedAsGitMergesThem(
            @ForAll("edits") Map<String, Optional<String>> base,
            @ForAll("edits") Map<String, Optional<String>> ours,
            @ForAll("edits") Map<String, Optional<String>> theirs)
            throws IOException {
        ObjectId baseTree = edited(ObjectId.zeroId(), base);
        ObjectId ourTree = edited(baseTree, ours);
        ObjectId theirTree = edited(baseTree, theirs);
        TreeMerge.Result merged;
        try (var inserter = git.newObjectInserter();
                var reader = inserter.newReader()) {
            merged = new TreeMerge(reader, inserter).merge(baseTree, ourTree, theirTree);
            inserter.flush();
        }

        String baseCommit = commit(baseTree);
        String ourCommit = commit(ourTree, baseCommit);
        String theirCommit = commit(theirTree, baseCommit);
        boolean clean = GitCli.succeeds(
                bare, "-c", "merge.renames=false", "merge-tree", "--write-tree", ourCommit, theirCommit);
        assertThat(merged.tree().isPresent())
                .as("clean, conflicts: %s", merged.conflicts())
                .isEqualTo(clean);
        if (clean) {
            String tree = GitCli.run(
                            bare, "-c", "merge.renames=false", "merge-tree", "--write-tree", ourCommit, theirCommit)
                    .strip();
            assertThat(merged.tree().get().name()).isEqualTo(tree);
        }
    }

    /** In a work tree, since git reads attributes there: those of our side. */
    @Property(tries = 60)
    void attributesOfOurSideSayHowFilesAreMerged(
            @ForAll("mergeAttributes") String base,
            @ForAll("mergeAttributes") String ours,
            @ForAll("edits") Map<String, Optional<String>> files,
            @ForAll("edits") Map<String, Optional<String>> theirs)
            throws IOException {
        ObjectId baseTree = edited(edited(ObjectId.zeroId(), files), Map.of(".gitattributes", Optional.of(base)));
        ObjectId ourTree = edited(baseTree, Map.of(".gitattributes", Optional.of(ours), "a.txt", Optional.of(TEXT)));
        ObjectId theirTree = edited(edited(baseTree, theirs), Map.of("a.txt", Optional.of(TEXT.replace("one", "two"))));
        TreeMerge.Result merged;
        try (var inserter = git.newObjectInserter();
                var reader = inserter.newReader()) {
            merged = new TreeMerge(reader, inserter).merge(baseTree, ourTree, theirTree);
            inserter.flush();
        }

        String baseCommit = commit(baseTree);
        Path checkout = Files.createTempDirectory(bare.getParent(), "checkout");
        GitCli.run(checkout, "clone", "-q", "--no-checkout", bare.toString(), ".");
        GitCli.run(checkout, "fetch", "-q", bare.toString(), commit(ourTree, baseCommit));
        GitCli.run(checkout, "checkout", "-q", "FETCH_HEAD");
        String[] pick = {"-c", "merge.renames=false", "cherry-pick", "--allow-empty", "--keep-redundant-commits"};
        String theirCommit = commit(theirTree, baseCommit);
        GitCli.run(checkout, "fetch", "-q", bare.toString(), theirCommit);
        boolean clean = GitCli.succeeds(
                checkout, Stream.concat(Stream.of(pick), Stream.of(theirCommit)).toArray(String[]::new));
        assertThat(merged.tree().isPresent()).as("clean with %s", ours).isEqualTo(clean);
        if (clean) {
            assertThat(merged.tree().get().name())
                    .isEqualTo(GitCli.run(checkout, "rev-parse", "HEAD^{tree}").strip());
        }
    }

    /** Ten lines, each of which may be kept, replaced, removed or followed by another, so that conflicts lie close. */
    @Provide
    Arbitrary<String> lines() {
        return Arbitraries.integers().between(0, 7).list().ofSize(10).map(kinds -> {
            var text = new StringBuilder();
            for (int i = 0; i < kinds.size(); i++) {
                text.append(
                        switch (kinds.get(i)) {
                            case 3 -> "x" + i + "\n";
                            case 4 -> "y\r" + i + "\n";
                            case 5 -> "";
                            case 6 -> "line " + i + "\nz" + i + "\n";
                            default -> "line " + i + "\n";
                        });
            }
            return kinds.get(0) == 7 ? text.toString().stripTrailing() : text.toString();
        });
    }

    @Property(tries = 60)
    void aUnionHasTheLinesOfBothSidesAsGitWritesThem(@ForAll("lines") String ours, @ForAll("lines") String theirs)
            throws IOException {
        String base = IntStream.range(0, 10).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
        ObjectId baseTree = edited(
                ObjectId.zeroId(),
                Map.of("u.txt", Optional.of(base), ".gitattributes", Optional.of("u.txt merge=union\n")));
        ObjectId ourTree = edited(baseTree, Map.of("u.txt", Optional.of(ours)));
        ObjectId theirTree = edited(baseTree, Map.of("u.txt", Optional.of(theirs)));
        ObjectId merged;
        try (var inserter = git.newObjectInserter();
                var reader = inserter.newReader()) {
            merged = new TreeMerge(reader, inserter)
                    .merge(baseTree, ourTree, theirTree)
                    .tree()
                    .orElseThrow();
            inserter.flush();
        }

        // Without a work tree git reads attributes only here.
        Files.createDirectories(bare.resolve("info"));
        Files.writeString(bare.resolve("info/attributes"), "u.txt merge=union\n");
        String baseCommit = commit(baseTree);
        String byGit = GitCli.run(
                        bare,
                        "-c",
                        "merge.renames=false",
                        "merge-tree",
                        "--write-tree",
                        commit(ourTree, baseCommit),
                        commit(theirTree, baseCommit))
                .strip();
        assertThat(GitCli.run(bare, "show", merged.name() + ":u.txt"))
                .isEqualTo(GitCli.run(bare, "show", byGit + ":u.txt"));
    }

    private static final String TEXT = "one\nsame\nsame\nsame\nlast\n";

    @Provide
    Arbitrary<String> mergeAttributes() {
        return Combinators.combine(
                        Arbitraries.of("*", "*.txt", "a.txt", "/a.txt", "z/*"),
                        Arbitraries.of(
                                "merge",
                                "-merge",
                                "!merge",
                                "merge=binary",
                                "merge=union",
                                "merge=text",
                                "merge=ours",
                                "binary",
                                "-text"))
                .as((pattern, state) -> pattern + " " + state)
                .list()
                .ofMaxSize(3)
                .map(lines -> String.join("\n", lines) + "\n");
    }

    @Property(tries = 150)
    void treesAreEditedAsGitsIndexEditsThem(
            @ForAll("edits") Map<String, Optional<String>> first, @ForAll("edits") Map<String, Optional<String>> second)
            throws IOException {
        ObjectId tree = edited(edited(ObjectId.zeroId(), first), second);
        var index = Map.of("GIT_INDEX_FILE", bare.resolveSibling("index").toString());
        GitCli.run(index, bare, "read-tree", tree.name());
        assertThat(GitCli.run(index, bare, "write-tree").strip())
                .as("written as git writes it")
                .isEqualTo(tree.name());
        // A path that became a folder, or the other way round, took its old entry's place.
        var expected = new HashMap<String, String>();
        for (Map<String, Optional<String>> edit : List.of(first, second)) {
            edit.keySet().stream()
                    .sorted(Comparator.comparingInt(p -> p.split("/").length))
                    .forEach(path -> {
                        if (edit.get(path).isEmpty()) {
                            expected.remove(path);
                            return;
                        }
                        expected.keySet()
                                .removeIf(other -> other.startsWith(path + "/") || path.startsWith(other + "/"));
                        expected.put(
                                path, new String(content(path, edit.get(path).get()), StandardCharsets.UTF_8));
                    });
        }
        var listed = new HashMap<String, String>();
        for (String path : GitCli.run(bare, "ls-tree", "-r", "-z", "--name-only", tree.name())
                .split("\0")) {
            if (!path.isEmpty()) {
                listed.put(path, GitCli.run(bare, "cat-file", "blob", tree.name() + ":" + path));
            }
        }
        assertThat(listed).isEqualTo(expected);
    }

    @Example
    void aNameKeepsItsBytesWhateverTheirEncoding() throws IOException {
        byte[] name = "caf\u00e9.txt".getBytes(StandardCharsets.ISO_8859_1);
        ObjectId tree;
        try (var inserter = git.newObjectInserter()) {
            var formatter = new TreeFormatter();
            formatter.append(
                    name, 0, name.length, FileMode.REGULAR_FILE, inserter.insert(Constants.OBJ_BLOB, new byte[0]));
            tree = inserter.insert(formatter);
            inserter.flush();
        }

        ObjectId edited = edited(tree, Map.of("b.txt", Optional.of("b")));

        try (var reader = git.newObjectReader()) {
            var entries = new CanonicalTreeParser(null, reader, edited);
            entries.next(1);
            var found = new byte[entries.getNameLength()];
            entries.getName(found, 0);
            assertThat(found).isEqualTo(name);
        }
    }

    @Example
    void conflictsAreNamedAsTextWhateverConflicts() throws IOException {
        ObjectId base = edited(
                ObjectId.zeroId(), Map.of("\u00e4/\u4e2d.txt", Optional.of("one\n"), "\u00f6", Optional.of("one\n")));
        Map<String, Optional<String>> theirs = new HashMap<>();
        theirs.put("\u00e4/\u4e2d.txt", Optional.of("three\n"));
        theirs.put("\u00f6", Optional.empty());
        theirs.put("\u00fc/x", Optional.of("a folder\n"));
        ObjectId ours = edited(
                base,
                Map.of(
                        "\u00e4/\u4e2d.txt",
                        Optional.of("two\n"),
                        "\u00f6",
                        Optional.of("two\n"),
                        "\u00fc",
                        Optional.of("a file\n")));
        try (var inserter = git.newObjectInserter();
                var reader = inserter.newReader()) {
            assertThat(new TreeMerge(reader, inserter)
                            .merge(base, ours, edited(base, theirs))
                            .conflicts())
                    .containsExactlyInAnyOrder("\u00e4/\u4e2d.txt", "\u00f6", "\u00fc");
        }
    }

    /** Of the mode, as of the text, the side that changed it counts. */
    @Example
    void anExecutableBitIsMergedAsGitMergesIt() throws IOException {
        String text = "one\n" + "same\n".repeat(5) + "x\n";
        for (boolean atFirst : List.of(true, false)) {
            for (boolean ours : List.of(true, false)) {
                for (boolean theirs : List.of(true, false)) {
                    assertMergedAsGit(
                            script(text, atFirst),
                            script(text.replace("one", "two"), ours),
                            script(text.replace("x", "y"), theirs));
                    assertMergedAsGit(
                            script(text, atFirst), script(text, ours), script(text.replace("x", "y"), theirs));
                }
            }
        }
    }

    @Example
    void aFileThatBothSidesMadeConflictsInGitTooWhereOneMadeItExecutable() throws IOException {
        String baseCommit = commit(edited(ObjectId.zeroId(), Map.of("docs", Optional.of("x"))));
        ObjectId ours = script("made twice\n", false);
        ObjectId theirs = script("made twice\n", true);
        try (var inserter = git.newObjectInserter();
                var reader = inserter.newReader()) {
            assertThat(new TreeMerge(reader, inserter)
                            .merge(ObjectId.zeroId(), ours, theirs)
                            .conflicts())
                    .containsExactly("run.sh");
        }
        assertThat(GitCli.succeeds(
                        bare, "merge-tree", "--write-tree", commit(ours, baseCommit), commit(theirs, baseCommit)))
                .isFalse();
    }

    private static ObjectId script(String text, boolean executable) throws IOException {
        try (var inserter = git.newObjectInserter()) {
            var formatter = new TreeFormatter();
            formatter.append(
                    "run.sh",
                    executable ? FileMode.EXECUTABLE_FILE : FileMode.REGULAR_FILE,
                    inserter.insert(Constants.OBJ_BLOB, text.getBytes(StandardCharsets.UTF_8)));
            ObjectId tree = inserter.insert(formatter);
            inserter.flush();
            return tree;
        }
    }

    private static void assertMergedAsGit(ObjectId base, ObjectId ours, ObjectId theirs) throws IOException {
        TreeMerge.Result merged;
        try (var inserter = git.newObjectInserter();
                var reader = inserter.newReader()) {
            merged = new TreeMerge(reader, inserter).merge(base, ours, theirs);
            inserter.flush();
        }
        String baseCommit = commit(base);
        String tree = GitCli.run(
                        bare, "merge-tree", "--write-tree", commit(ours, baseCommit), commit(theirs, baseCommit))
                .strip();
        assertThat(merged.tree()).map(ObjectId::name).contains(tree);
    }

    private static ObjectId edited(ObjectId tree, Map<String, Optional<String>> files) throws IOException {
        try (var inserter = git.newObjectInserter();
                var reader = inserter.newReader()) {
            var blobs = new HashMap<String, Optional<ObjectId>>();
            for (var file : files.entrySet()) {
                blobs.put(
                        file.getKey(),
                        file.getValue().isEmpty()
                                ? Optional.empty()
                                : Optional.of(inserter.insert(
                                        Constants.OBJ_BLOB,
                                        content(file.getKey(), file.getValue().get()))));
            }
            ObjectId edited = new TreeEdit(reader, inserter).apply(tree, blobs);
            inserter.flush();
            return edited;
        }
    }

    /** Files of different paths have little in common: this git's merge-tree looks for renames whatever it is told. */
    private static byte[] content(String path, String text) {
        return text.replace("same", "a line of " + path).getBytes(StandardCharsets.UTF_8);
    }

    private static String commit(ObjectId tree, String... parents) {
        var arguments = Stream.concat(
                Stream.of("commit-tree", tree.name(), "-m", "x"),
                Stream.of(parents).flatMap(p -> Stream.of("-p", p)));
        return GitCli.run(bare, arguments.toArray(String[]::new)).strip();
    }
}
