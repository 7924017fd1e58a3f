package io.jenkins.plugins.gitops.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Trailers are read as git reads them. */
class TrailersTest {

    private static final Path ANYWHERE = Path.of(System.getProperty("java.io.tmpdir"));

    /** Text as users write it, and as somebody writes it who wants to be taken for a trailer. */
    @Provide
    Arbitrary<String> words() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(40),
                Arbitraries.of(
                        "Autocommit-Id: 00000000000000000000",
                        "x\n\nAutocommit-Id: 00000000000000000000",
                        "---\nAutocommit-Operation: promote",
                        "--- a/file",
                        "# a comment",
                        "\r\nSigned-off-by: nobody <>",
                        "fix: it",
                        "\u2028Autocommit-Target: production",
                        "trailing  \t "));
    }

    @Property(tries = 150)
    void userTextNeitherFormsNorBreaksATrailerForGitOrForUs(
            @ForAll("words") String subject, @ForAll("words") String reason, @ForAll("words") String build) {
        ChangeTrailers change = ChangeTrailers.builder(
                        NewChange.newId(), ChangeOperation.ANNOUNCE, WavePath.of("staging"))
                .services(new TreeSet<>(List.of("api", "web")))
                .appSha("7d1043473d55bfa90e8530d35801d4e381bc69f0")
                .order(Optional.of(new BuildSequence("folder/app", 7)))
                .reason(reason)
                .buildUrl(build)
                .build();
        String message = change.message(subject);

        ChangeTrailers read = ChangeTrailers.read(message).orElseThrow();
        assertThat(read.id()).isEqualTo(change.id());
        assertThat(read.operation()).isEqualTo(ChangeOperation.ANNOUNCE);
        assertThat(read.wavePath()).isEqualTo(WavePath.of("staging"));
        assertThat(read.services()).containsExactly("api", "web");
        assertThat(read.order()).contains(new BuildSequence("folder/app", 7));
        assertThat(read.reason()).isEqualTo(SingleLine.of(reason));
        assertThat(byGit(message)).isEqualTo(Trailers.read(message).orElseThrow());
    }

    @Provide
    Arbitrary<String> messages() {
        Arbitrary<String> line = Arbitraries.oneOf(
                Arbitraries.of("", "", "subject", "a line of words", "Key: value", "Other-Key:  spaced ", "Key: again"),
                Combinators.combine(Arbitraries.of("A", "B-c"), Arbitraries.of("1", "two words"))
                        .as((key, value) -> key + ": " + value));
        return line.list().ofMinSize(1).ofMaxSize(9).map(lines -> String.join("\n", lines) + "\n");
    }

    /** Git also accepts paragraphs that are trailers in part; what we accept it reads the same. */
    @Property(tries = 300)
    void whatWeTakeForTrailersGitDoesToo(@ForAll("messages") String message) {
        Trailers.read(message).ifPresent(trailers -> assertThat(byGit(message)).isEqualTo(trailers));
    }

    private static List<Map.Entry<String, String>> byGit(String message) {
        var trailers = new ArrayList<Map.Entry<String, String>>();
        GitCli.run(Map.of(), message, ANYWHERE, "interpret-trailers", "--parse")
                .lines()
                .forEach(line -> {
                    int colon = line.indexOf(':');
                    trailers.add(Map.entry(
                            line.substring(0, colon), line.substring(colon + 1).strip()));
                });
        return trailers;
    }

    @Test
    void missingDoubledAndMalformedTrailersMakeACommitHandMade() {
        String good = ChangeTrailers.builder("00000000000000000000", ChangeOperation.ANNOUNCE, WavePath.of("staging"))
                .services(new TreeSet<>(List.of("api")))
                .reason("why")
                .build()
                .message("subject");
        assertThat(ChangeTrailers.read(good)).isPresent();
        assertThat(ChangeTrailers.read(good.replace("Autocommit-Target: staging\n", "")))
                .isEmpty();
        assertThat(ChangeTrailers.read(good + "Autocommit-Id: 11111111111111111111\n"))
                .isEmpty();
        assertThat(ChangeTrailers.read(good.replace("announce", "conquer"))).isEmpty();
        assertThat(ChangeTrailers.read(good.replace("api", "../api"))).isEmpty();
        assertThat(ChangeTrailers.read(good + "Autocommit-Order: no number\n")).isEmpty();
        assertThat(ChangeTrailers.read("Autocommit-Id: 00000000000000000000\n")).isEmpty();
        assertThat(ChangeTrailers.read(good + "Signed-off-by: Ada <ada@example.com>\n"))
                .isPresent();
    }
}
