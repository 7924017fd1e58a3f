package io.jenkins.plugins.gitops.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.git.Trailers;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of what trailers say of a change nothing is cut: it is read back as it was given, by git too, or it is refused. */
class ChangeTrailersTest {

    private static final String ID = "x".repeat(64);
    private static final String SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";

    /** A text of 1000 characters, the most that steps and endpoints take. */
    private static final String WORDS = "word ".repeat(199) + "words";

    private static ChangeTrailers.Builder change(ChangeOperation operation) {
        return ChangeTrailers.builder(ID, operation, WavePath.of("staging"));
    }

    private static TreeSet<String> services(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "service-%05d-".formatted(i) + "x".repeat(86))
                .collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
    }

    /** Each field with the largest value that it may have. */
    static Stream<ChangeTrailers> largest() {
        String job = "folder/".repeat(150) + "a job with blanks ".repeat(20) + "end";
        var all = new ArrayList<ChangeTrailers>();
        for (ChangeOperation operation : ChangeOperation.values()) {
            all.add(change(operation).build());
        }
        all.add(ChangeTrailers.builder(ID, ChangeOperation.ANNOUNCE, WavePath.of("w".repeat(1000), "s".repeat(1000)))
                .build());
        all.add(change(ChangeOperation.ANNOUNCE).services(services(10_000)).build());
        all.add(change(ChangeOperation.ANNOUNCE).appSha(SHA).build());
        all.add(change(ChangeOperation.ANNOUNCE)
                .order(Optional.of(new BuildSequence(job, Long.MAX_VALUE)))
                .build());
        all.add(change(ChangeOperation.ANNOUNCE)
                .order(Optional.of(new BuildSequence("a#b#", Long.MIN_VALUE)))
                .build());
        all.add(change(ChangeOperation.ANNOUNCE).reason(WORDS).build());
        all.add(change(ChangeOperation.ANNOUNCE).reason("x".repeat(1000)).build());
        all.add(change(ChangeOperation.PROMOTE)
                .sourceWave("w".repeat(1000))
                .sourceSha(SHA)
                .build());
        all.add(change(ChangeOperation.ANNOUNCE)
                .buildUrl("https://jenkins.example.com/" + "job/folder/".repeat(500) + "7/")
                .build());
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("largest")
    void theLargestValueOfEachFieldIsReadBackWholeByUsAndByGit(ChangeTrailers change) {
        String message = change.message("Update images");

        assertThat(ChangeTrailers.read(message)).contains(change);
        var byGit = new ArrayList<Map.Entry<String, String>>();
        GitCli.run(Map.of(), message, Path.of(System.getProperty("java.io.tmpdir")), "interpret-trailers", "--parse")
                .lines()
                .forEach(line -> byGit.add(Map.entry(
                        line.substring(0, line.indexOf(':')),
                        line.substring(line.indexOf(':') + 1).strip())));
        assertThat(byGit).isEqualTo(Trailers.read(message).orElseThrow());
    }

    @Test
    void aJobIsTheSameBeforeItIsWrittenAndAfterItIsReadBack() {
        for (String job : List.of("two  blanks", " at the ends ", "a\ttab", "zero\u200bwidth", "acme/app")) {
            Optional<BuildSequence> order = Optional.of(new BuildSequence(job, 7));
            String message =
                    change(ChangeOperation.ANNOUNCE).order(order).build().message("Update images");

            assertThat(ChangeTrailers.read(message).orElseThrow().order()).isEqualTo(order);
        }
    }

    @Test
    void aMessageThatWouldNotBeReadBackIsRefusedByTheNameOfItsLargestTrailer() {
        ChangeTrailers tooMany = change(ChangeOperation.ANNOUNCE)
                .reason(WORDS)
                .services(services(42_000))
                .build();

        assertThatThrownBy(() -> tooMany.message("Update images"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Autocommit-Services alone has 4283998 characters")
                .hasMessageContaining("at most 4194304 are read back");
        int others = change(ChangeOperation.ANNOUNCE)
                        .reason("r")
                        .build()
                        .message("x")
                        .length()
                - 1;
        String longest = "r".repeat(ChangeTrailers.MAX_MESSAGE_LENGTH - others);
        assertThat(change(ChangeOperation.ANNOUNCE).reason(longest).build().message("x"))
                .hasSize(ChangeTrailers.MAX_MESSAGE_LENGTH);
        ChangeTrailers longer =
                change(ChangeOperation.ANNOUNCE).reason(longest + "r").build();
        assertThatThrownBy(() -> longer.message("x")).hasMessageContaining("4194305 characters long");
    }

    @Test
    void aLongerMessageOfOthersIsThatOfAHandMadeCommit() {
        String trailers = change(ChangeOperation.ANNOUNCE).build().message("x").substring(1);
        String fitting = "s".repeat(ChangeTrailers.MAX_MESSAGE_LENGTH - trailers.length());

        assertThat(ChangeTrailers.read(fitting + trailers)).isPresent();
        assertThat(ChangeTrailers.read(fitting + "s" + trailers)).isEmpty();
    }

    @Test
    void whatABodyReadAndOnlyWhatIsSaidIsWritten() {
        ChangeTrailers change = change(ChangeOperation.ANNOUNCE).bodyInputs(SHA).build();
        assertThat(ChangeTrailers.read(change.message("x"))).contains(change);
        assertThat(change(ChangeOperation.ANNOUNCE).build().withBodyInputs(SHA)).isEqualTo(change);
        assertThat(change.message("x")).doesNotContain("Autocommit-Reason");
    }

    @Test
    void theCommitThatChangesTheLayoutIsKnown() {
        assertThat(ChangeTrailers.isOfLayout(commit(ChangeTrailers.messageOfLayout("images"))))
                .isTrue();
        assertThat(ChangeTrailers.isOfLayout(commit("words\n\nSigned-off-by: Ann <ann@example.com>\n")))
                .isFalse();
        assertThat(ChangeTrailers.isOfLayout(commit("words"))).isFalse();
        assertThat(ChangeTrailers.isOfLayout(
                        commit(change(ChangeOperation.ANNOUNCE).build().message("x") + "Autocommit-Layout: images\n")))
                .as("a change of a wave is none")
                .isFalse();
    }

    private static QueuedCommit commit(String message) {
        String headers = "tree " + SHA + "\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n";
        return QueuedCommit.of(RevCommit.parse((headers + "\n" + message).getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aCommitWithoutParentHasNone() {
        QueuedCommit commit = commit("words");
        assertThat(commit.parent()).isEqualTo(ObjectId.zeroId());
        assertThat(commit.isMerge()).isFalse();
        assertThat(commit.id()).isEqualTo(commit.sha().name());
        assertThat(commit(change(ChangeOperation.ANNOUNCE).build().message("x")).id())
                .isEqualTo(change(ChangeOperation.ANNOUNCE).build().id());
    }

    @Test
    void onlyTheHeaderNamesAnEncoding() {
        byte[] raw = ("tree " + SHA + "\nauthor G\u00f6tz <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n"
                        + "encoding ISO-8859-1\n\nGr\u00f6\u00dfe\n\nx\nencoding stays\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        QueuedCommit commit = QueuedCommit.of(RevCommit.parse(raw));

        assertThat(commit.message()).isEqualTo("Gr\u00f6\u00dfe\n\nx\nencoding stays\n");
        assertThat(commit.author().getName()).isEqualTo("G\u00f6tz");
    }

    @Test
    void idsJobsAndOperationsHaveTheirForms() {
        assertThat(ChangeTrailers.isId("a2345678")).isTrue();
        for (String other : List.of("a234567", "-2345678", "a/345678", "a".repeat(65))) {
            assertThat(ChangeTrailers.isId(other)).as(other).isFalse();
        }
        assertThatThrownBy(() -> ChangeTrailers.checkId("../main"))
                .hasMessage("\"../main\" is not the id of a change.");
        assertThat(BuildSequence.of("a#7")).contains(new BuildSequence("a", 7));
        assertThat(BuildSequence.of("#7")).isEmpty();
        assertThat(BuildSequence.of("a")).isEmpty();
        assertThat(BuildSequence.of("a#b")).isEmpty();
        assertThat(Stream.of(ChangeOperation.values()).filter(ChangeOperation::setsAll))
                .containsExactly(ChangeOperation.REPLACE, ChangeOperation.PROMOTE, ChangeOperation.ROLLBACK);
        assertThat(Stream.of(Outcome.values()).filter(Outcome::isSuccess))
                .containsExactly(Outcome.MERGED, Outcome.SATISFIED, Outcome.SUPERSEDED);
    }
}
