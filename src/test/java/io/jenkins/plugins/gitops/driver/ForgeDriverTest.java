package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckWatch;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.ci.forges.FakeForge;
import io.jenkins.plugins.gitops.ci.forges.FakeGitHub;
import io.jenkins.plugins.gitops.ci.forges.ForgeClient;
import io.jenkins.plugins.gitops.ci.forges.RateLimit;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A driver that asks GitHub, on a real repository, by a clock that is turned; no hook comes unless a test says so. */
class ForgeDriverTest extends DriverTestBase {

    /** Long before the clock begins. */
    private static final String LONG_AGO = "2026-11-22T09:00:00Z";

    private final ManualClock time = new ManualClock();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    private final ExecutorService pool = Executors.newSingleThreadExecutor();
    private final List<ChangeStatus> heard = new CopyOnWriteArrayList<>();
    private FakeGitHub gitHub;
    private DriverLoop loop;

    @BeforeEach
    void begin() throws Exception {
        gitHub = new FakeGitHub();
        ForgeClient forge = gitHub.forge(timer, timer, () -> Optional.of(FakeForge.TOKEN), new RateLimit(time));
        RepositorySettings settings =
                scene.requiring(new RequiredCheck("schema", "github", FakeGitHub.ACTIONS, false, List.of()));
        var watch = new CheckWatch(
                List.of(forge),
                settings.requiredChecks(),
                new CheckWatch.PollingPace(Duration.ofMinutes(1), Duration.ofMinutes(10)),
                time,
                time.timer());
        loop = new DriverLoop(scene.driver("jenkins", settings, watch, time), time, time.timer(), pool, pool);
    }

    @AfterEach
    void end() {
        loop.close();
        pool.shutdownNow();
        timer.shutdownNow();
        gitHub.close();
    }

    private SubmittedChange append(String order, String service) {
        SubmittedChange change = loop.submit(
                        new AppendChange(RepositoryScene.change(order, RepositoryScene.images(service, "v1"))))
                .join();
        loop.followChange(change.id(), heard::add);
        return change;
    }

    private void untilReason(String words) {
        await().until(() -> last(status -> status.reason().contains(words)));
    }

    /** Whether the last that was heard of a change is like this. */
    private boolean last(Predicate<ChangeStatus> like) {
        return !heard.isEmpty() && like.test(heard.get(heard.size() - 1));
    }

    /** Lets time go by until something has happened. */
    private void goOnUntil(Callable<Boolean> happened) {
        await().pollInterval(Duration.ofMillis(50)).until(() -> {
            time.turn(Duration.ofSeconds(10));
            return happened.call();
        });
    }

    @Test
    void aGreenCheckRunLandsTheChangeAlthoughNoHookTellsOfIt() throws Exception {
        SubmittedChange change = append("app#1", "api");
        untilReason("Waiting for schema, which nobody has reported yet.");
        gitHub.checkRun(change.sha(), "schema", null, FakeGitHub.ACTIONS);
        goOnUntil(() -> last(status -> status.reason().equals("Waiting for schema.")));
        gitHub.checkRun(change.sha(), "schema", "success", FakeGitHub.ACTIONS);
        goOnUntil(() -> scene.main().equals(change.sha()));

        await().until(() -> last(status -> status.outcome().equals(Optional.of(Outcome.MERGED))));
        assertThat(scene.git("notes", "--ref=gitops-waves", "show", "main"))
                .contains("Check: schema success https://github.example.com/acme/cfg-app/runs/");
        int asked = gitHub.asked.size();
        time.turn(Duration.ofHours(2));
        assertThat(gitHub.asked).as("an empty queue costs nothing").hasSize(asked);
    }

    @Test
    void aHookHasItAskedAtOnceHoweverLongTheInterval() throws Exception {
        SubmittedChange change = append("app#1", "api");
        untilReason("Waiting for schema, which nobody has reported yet.");
        time.turn(Duration.ofSeconds(1));
        gitHub.checkRun(change.sha(), "schema", "success", FakeGitHub.ACTIONS);
        int asked = gitHub.asked.size();

        for (int hooks = 0; hooks < 50; hooks++) {
            loop.pollNow();
        }
        await().until(() -> scene.main().equals(change.sha()));
        assertThat(gitHub.asked.size() - asked).isLessThanOrEqualTo(4);
    }

    @Test
    void aRedCheckRunEvictsTheChangeAndNamesItWithALink() throws Exception {
        gitHub.checkRun(scene.main(), "schema", "success", FakeGitHub.ACTIONS);
        SubmittedChange red = append("app#1", "api");
        gitHub.checkRun(red.sha(), "schema", "failure", FakeGitHub.ACTIONS, LONG_AGO);
        goOnUntil(() -> last(status -> status.outcome().equals(Optional.of(Outcome.EVICTED))));

        ChangeStatus end = heard.get(heard.size() - 1);
        assertThat(end.reason()).isEqualTo("Required checks failed: schema reported failure (Found).");
        assertThat(end.checks())
                .singleElement()
                .satisfies(check -> assertThat(check.url().orElseThrow())
                        .startsWith("https://github.example.com/acme/cfg-app/runs/"));
        assertThat(scene.queue()).isEmpty();
    }

    @Test
    void aForgedCheckOfAnotherAppMergesNothing() throws Exception {
        SubmittedChange change = append("app#1", "api");
        untilReason("Waiting for schema");
        gitHub.checkRun(change.sha(), "schema", "success", 666);
        gitHub.status(change.sha(), "schema", "success");
        goOnUntil(() -> gitHub.asked(change.sha()) >= 12);
        assertThat(scene.queue()).containsExactly(change.sha());

        gitHub.checkRun(change.sha(), "schema", "success", FakeGitHub.ACTIONS);
        goOnUntil(() -> scene.main().equals(change.sha()));
    }

    @Test
    void aForgeInTroubleStopsNoGitWorkAndIsNamed() throws Exception {
        gitHub.answerAlways(401, Map.of(), "{\"message\":\"Bad credentials\"}");
        SubmittedChange change = append("app#1", "api");
        untilReason("refuses the token (401, \"Bad credentials\")");
        scene.byHand("docs.md", "hello\n", "Write docs");
        loop.wake();
        await().until(() -> !scene.queue().contains(change.sha()));
        append("app#2", "web");
        assertThat(scene.queue()).hasSize(2);
        assertThat(loop.trouble()).isEmpty();

        time.turn(Duration.ofHours(1));
        assertThat(scene.queue())
                .as("nothing is decided by silence of who could not be asked")
                .hasSize(2);
        gitHub.answerAsItShould();
        gitHub.checkRun(scene.auto(), "schema", "success", FakeGitHub.ACTIONS);
        goOnUntil(() -> scene.queue().isEmpty());
        assertThat(scene.tag("main", "web")).isEqualTo("v1");
    }

    @Test
    void aReRunWithinTheGraceCountsAlthoughNoHookTellsOfIt() throws Exception {
        gitHub.checkRun(scene.main(), "schema", "success", FakeGitHub.ACTIONS);
        SubmittedChange change = append("app#1", "api");
        untilReason("Waiting for schema, which nobody has reported yet.");
        time.turn(Duration.ofSeconds(1));
        gitHub.checkRun(
                change.sha(),
                "schema",
                "failure",
                FakeGitHub.ACTIONS,
                time.instant().toString());
        loop.pollNow();
        untilReason("The change is evicted unless a re-run turns the check green");

        gitHub.checkRun(change.sha(), "schema", "success", FakeGitHub.ACTIONS);
        goOnUntil(() -> last(ChangeStatus::ended));
        assertThat(scene.main()).isEqualTo(change.sha());
    }

    @Test
    void aCheckThatNobodyReportsIsNamedAfterAWhile() {
        append("app#1", "api");
        untilReason("Waiting for schema, which nobody has reported yet.");
        goOnUntil(() -> last(status -> status.reason().startsWith("Nobody has reported schema for 10m")));
    }

    @Test
    void tenThousandWhoWaitCostAsManyRequestsAsOne() throws Exception {
        SubmittedChange change = append("app#1", "api");
        for (int i = 0; i < 10_000; i++) {
            loop.followChange(change.id(), status -> {});
        }
        untilReason("Waiting for schema, which nobody has reported yet.");
        gitHub.asked.clear();
        for (int minutes = 0; minutes < 10; minutes++) {
            long before = gitHub.asked.size();
            time.turn(Duration.ofMinutes(1));
            await().until(() -> gitHub.asked.size() == before + 2);
        }
        assertThat(gitHub.asked)
                .hasSize(20)
                .allSatisfy(asked -> assertThat(asked.uri()).contains(change.sha()));
    }
}
