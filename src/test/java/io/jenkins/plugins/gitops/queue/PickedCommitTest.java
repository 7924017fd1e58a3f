package io.jenkins.plugins.gitops.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eclipse.jgit.lib.Constants.OBJ_COMMIT;

import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.generation.GeneratedTrees;
import io.jenkins.plugins.gitops.images.ImageSetLayout.Layout;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A commit that somebody made with another program is replayed with the bytes that git cherry-pick writes. */
class PickedCommitTest {

    /** Headers after the committer, and then the message; in ISO-8859-1, so that each character is a byte. */
    private static final List<String> COMMITS = List.of(
            "\nA plain message\n",
            "\n\n\nBelow two empty lines\n\nAnd more\n",
            "\n \t\n  Below blank lines\n",
            "\nSubject over\ntwo lines\n\n\n\nAnd more \n\n",
            "encoding ISO-8859-1\n\nGr\u00fc\u00dfe\n\n\u00c3\u00bc\n",
            "encoding iso-8859-15\n\n\n100 \u00a4\n",
            "encoding UTF-8\n\nGr\u00c3\u00bc\u00c3\u009fe\n",
            "encoding no-such-encoding\n\nGr\u00fc\u00dfe\n",
            "encoding UTF-8\n\nGr\u00fc\u00dfe\n",
            "\nGr\u00fc\u00dfe, unnamed\n",
            "\nGr\u00c3\u00bc\u00c3\u009fe and Gr\u00fc\u00dfe\n",
            "\n\u00ef\u00bf\u00be, \u00ef\u00b7\u0090 and \u00f0\u009f\u00bf\u00be are no characters\n",
            "\nEnds\n\nat a \0 nothing\n",
            "\nNo end of the line");

    /** Authors, with some of which JGit does as it likes. */
    private static final List<String> AUTHORS = List.of(
            "J\u00fcrgen <j@example.com> 1795425000 +0200",
            "J <j@example.com> 1795425000 -0000",
            "J <j@example.com> 1795425000 -9959",
            "J < j@example.com > 1795425000 +0545",
            " <> 0 +0000",
            ".\"J  R\" O'Neil \\, <j @example.com> 99999999999 -0030");

    @TempDir
    Path root;

    private String git(String... arguments) {
        return GitCli.run(root, arguments).strip();
    }

    private ObjectId commit(Repository git, String tree, String parent, String author, String rest) throws Exception {
        String headers = "tree " + tree + "\nparent " + parent
                + "\n"
                + "author " + author + "\n"
                + "committer Ada <a@example.com> 1795425000 +0000\n";
        try (ObjectInserter inserter = git.newObjectInserter()) {
            ObjectId id = inserter.insert(OBJ_COMMIT, (headers + rest).getBytes(StandardCharsets.ISO_8859_1));
            inserter.flush();
            return id;
        }
    }

    /** The author and what follows the committer. */
    private static String text(Repository git, ObjectId commit) throws Exception {
        String raw = new String(git.open(commit).getBytes(), StandardCharsets.ISO_8859_1);
        return raw.replaceFirst("(?s)^tree .*?\nauthor", "author").replaceFirst("\ncommitter [^\n]*", "");
    }

    @Test
    void authorAndMessageAreTheBytesThatGitWrites() throws Exception {
        git("init", "-q", "-b", "main");
        git("commit", "-q", "--allow-empty", "-m", "Begin");
        String begin = git("rev-parse", "HEAD");
        String before = git("rev-parse", "HEAD^{tree}");
        String tree = GitCli.run(
                        Map.of(),
                        "100644 blob "
                                + GitCli.run(Map.of(), "x", root, "hash-object", "-w", "--stdin")
                                        .strip() + "\tdocs.md\n",
                        root,
                        "mktree")
                .strip();
        String moved = git("commit-tree", before, "-p", begin, "-m", "Main moves");
        try (Repository repository =
                new FileRepositoryBuilder().setWorkTree(root.toFile()).build()) {
            var branch = new AutoBranch(
                    repository,
                    new ImageSetStore(
                            repository, Layout.TAGS_AND_DIGESTS, Map.of(WavePath.of("staging"), "images/staging")),
                    () -> new PersonIdent("c", "c@example.com", Instant.EPOCH, ZoneOffset.UTC),
                    "chore",
                    false,
                    new GeneratedTrees(repository, PathPatterns.NONE, Optional.empty()));
            for (int i = 0; i < COMMITS.size() + AUTHORS.size(); i++) {
                String rest = COMMITS.get(i % COMMITS.size());
                String author = AUTHORS.get(Math.max(0, i - COMMITS.size()));
                ObjectId commit = commit(repository, tree, begin, author, rest);
                git("checkout", "-q", "-f", "--detach", moved);
                git("cherry-pick", commit.name());
                ObjectId picked = ObjectId.fromString(git("rev-parse", "HEAD"));

                CommitQueue queue = branch.queue().read(ObjectId.fromString(begin), commit);
                ReplayResult replayed =
                        branch.replayer().replay(ObjectId.fromString(moved), List.of(), queue.commits());

                assertThat(text(repository, replayed.tip())).as(rest).isEqualTo(text(repository, picked));
                assertThat(queue.commits().get(0).subject())
                        .as(rest)
                        .isEqualTo(SingleLine.whole(git("show", "-s", "--format=%s", picked.name())));
            }
        }
    }
}
