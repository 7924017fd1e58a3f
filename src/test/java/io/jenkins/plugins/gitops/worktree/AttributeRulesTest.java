package io.jenkins.plugins.gitops.worktree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** What a body leaves is committed as {@code git add} would have it, and laid out as a checkout has it. */
class AttributeRulesTest {

    private static final PathPatterns ALL = new PathPatterns(List.of("**"));

    /** Attribute files that are converted themselves would not be the same in git and in the work tree. */
    private static final String PLAIN = ".gitattributes -text -ident !working-tree-encoding\n";

    private Path checkout;

    @BeforeTry
    void begin() throws IOException {
        checkout = Files.createTempDirectory("attributes");
        GitCli.run(checkout, "init", "-q");
    }

    @AfterTry
    void end() throws IOException {
        try (Stream<Path> files = Files.walk(checkout)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Provide
    Arbitrary<String> attributes() {
        Arbitrary<String> pattern = Arbitraries.of(
                "*",
                "*.txt",
                "a.txt",
                "/a.txt",
                "d/*.txt",
                "d/**",
                "**/b.txt",
                "*.bin",
                "d/",
                "[ab].txt",
                "\"a.txt\"",
                "\"\\141.txt\"",
                "!a.txt",
                "\"a.txt",
                "[attr]mine",
                "[attr]words",
                "d/*/c.txt",
                "a*t",
                "#a");
        Arbitrary<String> states = Arbitraries.of(
                        "text",
                        "-text",
                        "!text",
                        "text=auto",
                        "text=other",
                        "eol=lf",
                        "eol=crlf",
                        "!eol",
                        "-eol",
                        "binary",
                        "-binary",
                        "mine",
                        "words",
                        "ident",
                        "-ident",
                        "crlf",
                        "-crlf",
                        "crlf=input",
                        "working-tree-encoding=UTF-16LE",
                        "working-tree-encoding=ISO-8859-1",
                        "working-tree-encoding=UTF-16LE-BOM",
                        "!working-tree-encoding",
                        "-filter",
                        "filter",
                        "=bad",
                        "-")
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(all -> String.join(" ", all));
        return Combinators.combine(pattern, states)
                .as((path, state) -> path + " " + state)
                .list()
                .ofMaxSize(5)
                .map(lines -> String.join("\n", lines) + "\n" + PLAIN);
    }

    @Provide
    Arbitrary<String> contents() {
        return Arbitraries.of(
                        "one",
                        "\n",
                        "\r\n",
                        "\r\n",
                        "\n",
                        "$Id$",
                        "$Id: 1 $",
                        "$Id: 1\n",
                        "$",
                        "\r",
                        "\u0000",
                        "\u00ff\u00fe",
                        "\u0001",
                        "\u001a",
                        "plain text ".repeat(20),
                        "\t",
                        "Id:")
                .list()
                .ofMaxSize(6)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<Map<String, String>> files() {
        return Arbitraries.maps(Arbitraries.of("a.txt", "b.txt", "d/a.txt", "d/e/c.txt", "x.bin"), contents())
                .ofMinSize(1)
                .ofMaxSize(5);
    }

    @Property(tries = 100)
    void filesAreLaidOutAndCommittedAsByGit(
            @ForAll("attributes") String outer,
            @ForAll("attributes") String inner,
            @ForAll("files") Map<String, String> before,
            @ForAll("files") Map<String, String> after)
            throws Exception {
        // What was committed before the attributes came may be anything.
        write(before);
        GitCli.run(checkout, "add", "-A");
        write(Map.of(".gitattributes", outer, "d/.gitattributes", inner));
        GitCli.run(checkout, "add", ".gitattributes", "d/.gitattributes");
        ObjectId tree = ObjectId.fromString(GitCli.run(checkout, "write-tree").strip());
        write(after);
        if (!GitCli.succeeds(checkout, "-c", "core.safecrlf=false", "add", "-A")) {
            return;
        }
        TreeMap<String, String> expected = tree();

        try (Repository git = new FileRepositoryBuilder()
                .setGitDir(checkout.resolve(".git").toFile())
                .build()) {
            var config = new ConfigTree(git, ObjectId.zeroId(), tree, Set.of());
            var found = new TreeMap<String, FileEntry>();
            var contents = new TreeMap<String, BodyChanges.File>();
            for (String path : after.keySet()) {
                byte[] content = Files.readAllBytes(checkout.resolve(path));
                found.put(path, FileEntry.of(FileEntry.Kind.REGULAR, content));
                contents.put(path, new BodyChanges.File(FileEntry.Kind.REGULAR, content));
            }
            ConfigTree.Wanted wanted = config.wanted(ALL, found, Set.of(), files -> Map.of());
            TreeMap<String, String> committed = tree(tree.name());
            config.checked(wanted, contents)
                    .files()
                    .forEach((path, file) -> committed.put(
                            path,
                            FileEntry.of(file.orElseThrow().kind(), file.get().content())
                                    .id()));
            // What is not listed as different is what git has checked out, and git adds it as it was.
            committed.keySet().removeIf(path -> !wanted.changed().containsKey(path));
            assertThat(expected).as("after %s", after).containsAllEntriesOf(committed);
        }
    }

    @Property(tries = 100)
    void filesAreLaidOutAsGitChecksThemOut(
            @ForAll("attributes") String outer, @ForAll("files") Map<String, String> files) throws Exception {
        write(files);
        GitCli.run(checkout, "add", "-A");
        String lines = outer.replace("ident", "other");
        write(Map.of(".gitattributes", lines));
        GitCli.run(checkout, "add", ".gitattributes");
        ObjectId tree = ObjectId.fromString(GitCli.run(checkout, "write-tree").strip());
        for (String path : files.keySet()) {
            Files.delete(checkout.resolve(path));
        }
        if (!GitCli.succeeds(checkout, "checkout-index", "-a", "-f")) {
            return;
        }

        try (Repository git = new FileRepositoryBuilder()
                .setGitDir(checkout.resolve(".git").toFile())
                .build()) {
            var config = new ConfigTree(git, ObjectId.zeroId(), tree, Set.of());
            for (String path : files.keySet()) {
                byte[] content = Files.readAllBytes(checkout.resolve(path));
                assertThat(config.content(path)).as(path).isEqualTo(content);
                assertThat(config.files()).containsEntry(path, FileEntry.of(FileEntry.Kind.REGULAR, content));
            }
        }
    }

    private void write(Map<String, String> files) throws IOException {
        for (var file : files.entrySet()) {
            Path path = checkout.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue().getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private TreeMap<String, String> tree() {
        return tree(GitCli.run(checkout, "write-tree").strip());
    }

    private TreeMap<String, String> tree(String tree) {
        var blobs = new TreeMap<String, String>();
        for (String line : GitCli.run(checkout, "ls-tree", "-r", tree).split("\n")) {
            blobs.put(line.substring(line.indexOf('\t') + 1), line.split("[ \t]")[2]);
        }
        return blobs;
    }

    /** As PowerShell writes files. */
    @Example
    void utf16WithAMarkIsConvertedAsByGit() throws Exception {
        String attributes = "*.txt text eol=crlf working-tree-encoding=UTF-16LE-BOM\n";
        String text = "\u00ff\u00fea\u0000\u00e9\u0000\r\u0000\n\u0000";
        filesAreLaidOutAsGitChecksThemOut(attributes, Map.of("a.txt", "a\u00c3\u00a9\n", "d/a.txt", ""));
        filesAreLaidOutAndCommittedAsByGit(
                attributes, PLAIN, Map.of("d/a.txt", ""), Map.of("a.txt", text, "b.txt", "a\u0000\n\u0000"));
        assertThat(GitCli.run(checkout, "show", ":a.txt")).isEqualTo("a\u00e9\n");
    }

    @Example
    void aFileOfAFilterIsRefusedByName() throws Exception {
        write(Map.of(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n", "x.bin", "old"));
        GitCli.run(checkout, "add", "-A");
        ObjectId tree = ObjectId.fromString(GitCli.run(checkout, "write-tree").strip());
        try (Repository git = new FileRepositoryBuilder()
                .setGitDir(checkout.resolve(".git").toFile())
                .build()) {
            var config = new ConfigTree(git, ObjectId.zeroId(), tree, Set.of());
            var file = new BodyChanges.File(FileEntry.Kind.REGULAR, new byte[] {1});
            var found = new TreeMap<>(Map.of("x.bin", FileEntry.of(file.kind(), file.content())));
            ConfigTree.Wanted wanted = config.wanted(ALL, found, Set.of(), files -> Map.of());

            assertThatThrownBy(() -> config.checked(wanted, Map.of("x.bin", file)))
                    .isInstanceOf(RequestRefused.class)
                    .hasMessageContainingAll("x.bin", "filter=lfs", ".gitattributes");
        }
    }
}
