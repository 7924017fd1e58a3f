package io.jenkins.plugins.gitops.ci;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.ci.forges.FakeForge;
import io.jenkins.plugins.gitops.ci.forges.FakeGitHub;
import io.jenkins.plugins.gitops.ci.forges.ForgeClient;
import io.jenkins.plugins.gitops.ci.forges.RateLimit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of the sources, as the documentation lists them. */
class CheckStateMappingTest {

    private static final String SHA = "6a9ca693f6fff83215c00b653bcf2106124705ad";

    @ParameterizedTest
    @CsvSource({
        "github, failure, The build of this commit was aborted, CANCELLED",
        "github, error, The build of this commit was aborted, CANCELLED",
        "github, error, This commit cannot be built, ERROR",
        "gitea, failure, Canceled after 3s, CANCELLED",
        "gitea, failure, Has been cancelled, CANCELLED",
        "gitea, failure, Failing after 3s, FAILURE",
        "gitea, failure, 2 tests were cancelled, FAILURE",
        "gitea, success, Has been cancelled, SUCCESS"
    })
    void aRunThatWasCancelledIsNoFailure(String source, String word, String description, CheckState state) {
        assertThat(CheckStateMapping.valueOf(source.toUpperCase(Locale.ROOT)).state(word, Optional.of(description)))
                .isEqualTo(state);
    }

    @Test
    void theDocumentationListsWhatEachWordCountsFor() throws Exception {
        var rows = new TreeSet<String>();
        for (CheckStateMapping words : CheckStateMapping.values()) {
            words.states().forEach((word, state) -> rows.add(row(words.source(), word, state)));
        }
        for (CheckState state : CheckState.values()) {
            rows.add(row("reported", state.toString(), state));
        }
        assertThat(Files.readString(documentation())
                        .lines()
                        .filter(line -> line.matches("\\| `\\w+` \\| `\\w+` \\| \\w+ \\|"))
                        .toList())
                .containsExactlyInAnyOrderElementsOf(rows);
    }

    private static String row(String source, String word, CheckState state) {
        return "| `" + source + "` | `" + word + "` | " + state.meaning().name().toLowerCase(Locale.ROOT) + " |";
    }

    private static Path documentation() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/checks.md"))) {
            folder = folder.getParent();
        }
        return folder.resolve("docs/checks.md");
    }

    /** No word in any field, alone or together, is success, but the words that are. */
    @Test
    void noOtherWordIsSuccess() throws Exception {
        var timer = Executors.newScheduledThreadPool(2);
        var words = new TreeSet<String>(
                List.of("", "completed", "SUCCESS", "Success", "successful", "passed", "ok", "true", "green"));
        for (CheckStateMapping each : CheckStateMapping.values()) {
            words.addAll(each.states().keySet());
        }
        try (var gitHub = new FakeGitHub()) {
            for (String status : words) {
                for (String conclusion : words) {
                    gitHub.checkRunInWords(SHA, status + "/" + conclusion, status, conclusion);
                }
                gitHub.status(SHA, status, status);
            }
            ForgeClient forge =
                    gitHub.forge(timer, timer, () -> Optional.of(FakeForge.TOKEN), new RateLimit(Clock.systemUTC()));
            assertThat(forge.fetch(SHA, Set.of("auto")).join().results())
                    .filteredOn(result -> result.status().state() == CheckState.SUCCESS)
                    .extracting(result -> result.status().context())
                    .containsExactlyInAnyOrder("success", "completed/success");
        } finally {
            timer.shutdownNow();
        }
        for (CheckStateMapping each : CheckStateMapping.values()) {
            assertThat(words.stream().filter(word -> each.state(word) == CheckState.SUCCESS))
                    .containsExactly(
                            switch (each) {
                                case JENKINS_JOB -> "SUCCESS";
                                case BITBUCKET -> "SUCCESSFUL";
                                default -> "success";
                            });
        }
    }
}
