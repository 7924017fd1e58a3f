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
        "github, error, This commit cannot be built, FAILURE",
        "github, error, Build #12 failed in 3 min 2 sec, FAILURE",
        "github, error, Build nightly failed in 40 ms, FAILURE",
        "github, error, Something is wrong with the build of this commit, CANCELLED",
        "github, error, Build #12 failed to start, ERROR",
        "github, error, The build server cannot be reached, ERROR",
        "github, success, Build #12 failed in 3 min 2 sec, SUCCESS",
        "github, pending, Build #12 in progress..., PENDING",
        "gitea, failure, Canceled after 3s, CANCELLED",
        "gitea, failure, Has been cancelled, CANCELLED",
        "gitea, failure, Failing after 3s, FAILURE",
        "gitea, failure, 2 tests were cancelled, FAILURE",
        "gitea, success, Has been cancelled, SUCCESS",
        "gitea, warning, Has been cancelled, CANCELLED",
        "github, failure, Your CircleCI tests were canceled, CANCELLED",
        "gitlab, failed, Your CircleCI tests were canceled, CANCELLED",
        "github, failure, Pipeline was canceled, CANCELLED",
        "github, failure, Build was killed, CANCELLED",
        "github, failure, Canceled from the Vercel Dashboard, CANCELLED",
        "github, failure, Aborted as the newer version of this job is running., CANCELLED",
        "github, failure, TeamCity build was removed from queue, CANCELLED",
        "github, error, TeamCity build was canceled by a failing dependency, CANCELLED",
        "github, failure, 'Build #17 canceled after 2 minutes', CANCELLED",
        "github, failure, Job superseded by a newer one, CANCELLED",
        "github, failure, Aborted after 1 failure, FAILURE",
        "github, failure, 3 of 40 tests failed; 2 were canceled, FAILURE",
        "github, failure, Tests failed: payment was cancelled twice, FAILURE",
        "github, failure, Build stopped because 3 tests failed, FAILURE",
        "github, failure, Killed, CANCELLED",
        "github, pending, Has been cancelled, PENDING",
        "bitbucket, FAILED, Something is wrong with the build of this commit., CANCELLED",
        "bitbucket, FAILED, This commit was not built (probably the build was skipped), CANCELLED",
        "bitbucket, SUCCESSFUL, This commit was not built (probably the build was skipped), CANCELLED",
        "bitbucket, SUCCESSFUL, This commit looks good., SUCCESS",
        "gitea, error, Something is wrong with the build of this commit, CANCELLED",
        "gitea, warning, This commit was not built, CANCELLED",
        "gitea, warning, This commit is unstable, FAILURE",
        "gitea, warning, 2 hints, NEUTRAL",
        "gitea, success, Has been skipped, SKIPPED",
        "github, success, Build was skipped, SKIPPED",
        "github, success, 'Successful in 3s, 2 tests were skipped', SUCCESS",
        "github, success, 2 tests skipped, SUCCESS"
    })
    void aRunThatTestedNothingDecidesNothing(String source, String word, String description, CheckState state) {
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
