package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckWatch;
import io.jenkins.plugins.gitops.ci.forges.FakeForge;
import io.jenkins.plugins.gitops.ci.forges.FakeGitHub;
import io.jenkins.plugins.gitops.ci.forges.ForgeClient;
import io.jenkins.plugins.gitops.ci.forges.ForgeSettings;
import io.jenkins.plugins.gitops.ci.forges.RateLimit;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a forge is told of changes, and that nothing waits for it. */
class WrittenChecksTest extends DriverTestBase {

    private final ManualClock time = new ManualClock();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    private FakeGitHub gitHub;
    private Driver driver;

    @BeforeEach
    void begin() throws Exception {
        gitHub = new FakeGitHub();
        var settings = new ForgeSettings(ForgeSettings.ForgeKind.GITHUB, gitHub.url(), "acme/cfg-app", true, true);
        ForgeClient forge = ForgeClient.of(
                settings,
                HttpClient.newHttpClient(),
                timer,
                timer,
                () -> Optional.of(FakeForge.TOKEN),
                new RateLimit(time));
        var pace = new CheckWatch.PollingPace(Duration.ofHours(1), Duration.ofHours(1));
        driver = scene.driver(
                "jenkins",
                scene.settings(),
                new CheckWatch(List.of(forge), List.of(), pace, time, time.timer()),
                scene.clock);
    }

    @AfterEach
    void end() {
        timer.shutdownNow();
        gitHub.close();
    }

    /** What the forge was told of a commit, in the order it was. */
    private List<String> told(String sha) {
        return gitHub.asked.stream()
                .filter(asked -> asked.method().equals("POST"))
                .filter(asked -> asked.uri().equals("/repos/acme/cfg-app/statuses/" + sha))
                .map(asked -> Json.parse(asked.body()))
                .peek(json -> assertThat(json.path("context").asText()).isEqualTo("gitops-waves"))
                .map(json -> json.path("state").asText() + ": "
                        + json.path("description").asText())
                .toList();
    }

    private void untilTold(String sha, String what) {
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            time.turn(Duration.ofSeconds(1));
            return told(sha).contains(what);
        });
    }

    @Test
    void whatAChangeWaitsForAndThatItWasMergedIsShown() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        untilTold(change.sha(), "pending: Waiting for ci/check, which nobody has reported yet.");
        driver.round();
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        untilTold(change.sha(), "success: Merged into main");

        assertThat(told(change.sha())).as("each once").hasSize(2);
        assertThat(gitHub.asked.get(0).body()).contains("\"target_url\": \"https://jenkins.example.com/job/app/1/\"");
    }

    @Test
    void anEvictionIsShownWithItsReasonThoughTheForgeRefusesAtFirst() throws Exception {
        gitHub.answerAlways(502, Map.of(), "");
        scene.report(driver, scene.main(), CheckState.SUCCESS);
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        scene.report(driver, change.sha(), CheckState.FAILURE);
        scene.clock.turn(Duration.ofMinutes(2));
        driver.round();
        assertThat(scene.queue()).as("nothing waits for the forge").isEmpty();

        gitHub.answerAsItShould();
        untilTold(change.sha(), "failure: Evicted: required checks failed: ci/check reported failure");
    }

    @Test
    void aForgeThatNeverTakesItIsLetGo() throws Exception {
        gitHub.answerAlways(403, Map.of(), "{\"message\":\"Resource not accessible\"}");
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        for (int tries = 1; tries <= 4; tries++) {
            int expected = tries;
            await().pollInterval(Duration.ofMillis(20)).until(() -> {
                time.turn(Duration.ofSeconds(100));
                return told(change.sha()).size() >= expected;
            });
        }
        time.turn(Duration.ofHours(5));
        assertThat(told(change.sha())).hasSize(4);
    }
}
