package io.jenkins.plugins.gitops.gates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.model.Result;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.configuration.gates.VerificationDefinition;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.waves.VerificationResult;
import io.jenkins.plugins.gitops.waves.VerificationResult.State;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a verification whose job or build is not as it should be; the test decides what builds there are. */
@Tag("sandbox")
class VerificationRunnerTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock();

    /** The keys of the runs that were started, and what was aborted. */
    private final List<String> started = new CopyOnWriteArrayList<>();

    private final Set<String> aborted = new CopyOnWriteArraySet<>();
    private volatile Optional<String> obstacle = Optional.empty();
    private volatile Optional<VerificationBuildStarter.BuildState> build = Optional.empty();
    private final VerificationRunner runner = new VerificationRunner();

    @BeforeEach
    void deployToStaging() {
        assumeTrue(Jenkins.getInstanceOrNull() != null, "runs on the Jenkins types of the sandbox");
        Path bare = GitCli.createBare(folder.resolve("cfg-app.git"), "master");
        String digests = blob(bare, "{\"shop\": \"docker.example.com/shop@sha256:" + "1".repeat(64) + "\"}\n");
        String tags = blob(bare, "{\"shop\": \"docker.example.com/shop:1\"}\n");
        String wave = tree(bare, "100644 blob " + digests + "\tdigests.json\n100644 blob " + tags + "\ttags.json\n");
        String root = tree(bare, "040000 tree " + tree(bare, "040000 tree " + wave + "\tstaging\n") + "\timages\n");
        GitCli.run(
                bare,
                "update-ref",
                "refs/heads/master",
                GitCli.run(bare, "commit-tree", root, "-m", "Begin").strip());
        DriverRegistry.get().setClock(clock);
        var smoke = new VerificationDefinition("smoke");
        smoke.setJob("acme/smoke");
        smoke.setTimeout("10m");
        smoke.setRetries(1);
        var staging = new WaveDefinition("staging");
        staging.setVerifications(List.of(smoke));
        var repository = new RepositoryDefinition("cfg-app", bare.toUri().toString());
        repository.setAllowInsecure(true);
        repository.setAllJobs(true);
        repository.setMergeWithoutChecks(true);
        repository.setWaves(List.of(staging));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
        runner.setStarter(new VerificationBuildStarter() {
            @Override
            public Optional<String> obstacle(VerificationTask task) {
                return obstacle;
            }

            @Override
            public void start(VerificationTask task) {
                started.add(task.key());
            }

            @Override
            public Optional<BuildState> find(VerificationTask task) {
                return build;
            }

            @Override
            public void abort(VerificationTask task) {
                aborted.add(task.key());
            }
        });
    }

    @AfterEach
    void end() {
        if (Jenkins.getInstanceOrNull() != null) {
            new DriverRegistry.Lifecycle().onBeforeShutdown();
        }
    }

    private static String blob(Path bare, String text) {
        return GitCli.run(Map.of(), text, bare, "hash-object", "-w", "--stdin").strip();
    }

    private static String tree(Path bare, String entries) {
        return GitCli.run(Map.of(), entries, bare, "mktree").strip();
    }

    private static Optional<VerificationResult> result() {
        return DriverRegistry.get().state("cfg-app").stream()
                .flatMap(state -> state.waves().stream())
                .map(RepositoryState.WaveSnapshot::state)
                .flatMap(state -> state.verifications().stream())
                .findFirst();
    }

    /** Looks after verifications until something is so. */
    private void awaitState(State state, int attempt) {
        await().atMost(LONG).untilAsserted(() -> {
            runner.runAll();
            assertThat(result()).hasValueSatisfying(result -> {
                assertThat(result.state()).isEqualTo(state);
                assertThat(result.attempt()).isEqualTo(attempt);
            });
        });
    }

    /** Looks after verifications until the run is over; the next one may have begun by then. */
    private void awaitEndOfRun() {
        int attempt = result().orElseThrow().attempt();
        await().atMost(LONG).until(() -> {
            VerificationResult now = result().orElseThrow();
            boolean over = now.state() != State.RUNNING || now.attempt() > attempt;
            if (!over) {
                runner.runAll();
            }
            return over;
        });
    }

    /** Lets time pass in which Jenkins runs: a jump of the clock would be a time in which it stood still. */
    private void pass(Duration time) {
        Duration step = Duration.ofSeconds(30);
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
            clock.turn(step);
            DriverRegistry.get().downSince(clock.instant());
        }
    }

    private void ends(Result result) {
        build = Optional.of(new VerificationBuildStarter.BuildState(
                Optional.of(result), "acme » smoke #1 ended as " + result, "https://jenkins.example.com/job/smoke/1/"));
    }

    @Test
    void aJobThatCannotBeStartedBlocksAndIsStartedOnceItCan() {
        obstacle = Optional.of("the job acme/smoke is disabled; enable it.");
        awaitState(State.BLOCKED, 0);
        assertThat(result().orElseThrow().sentence())
                .isEqualTo("smoke cannot be started: the job acme/smoke is disabled; enable it.");
        assertThat(started).isEmpty();

        obstacle = Optional.empty();
        awaitState(State.RUNNING, 1);
        await().atMost(LONG).untilAsserted(() -> assertThat(started).hasSize(1));
    }

    @Test
    void aBuildThatIsDeletedIsStartedAgain() {
        awaitState(State.RUNNING, 1);
        await().atMost(LONG).untilAsserted(() -> assertThat(started).hasSize(1));
        runner.runAll();
        assertThat(started).as("may not be in the queue yet").hasSize(1);

        clock.turn(Duration.ofSeconds(31));
        runner.runAll();

        assertThat(started).hasSize(2);
        assertThat(started.get(1)).as("it is the same run").isEqualTo(started.get(0));
        ends(Result.SUCCESS);
        awaitState(State.PASSED, 1);
    }

    @Test
    void aBuildThatNeverEndsIsAbortedTriedAgainAndHasFailedThen() {
        for (int attempt = 1; attempt <= 2; attempt++) {
            awaitState(State.RUNNING, attempt);
            build = Optional.of(new VerificationBuildStarter.BuildState(Optional.empty(), "running", ""));
            runner.runAll();
            assertThat(aborted).hasSize(attempt - 1);
            pass(Duration.ofMinutes(10));
            runner.runAll();
            assertThat(aborted).hasSize(attempt);
            awaitEndOfRun();
            build = Optional.empty();
        }
        awaitState(State.FAILED, 2);
        assertThat(result().orElseThrow().sentence()).contains("acme/smoke did not end in time");
    }

    @Test
    void aJobThatIsDeletedWhileItsBuildRunsFailsByItsTimeout() {
        awaitState(State.RUNNING, 1);
        pass(Duration.ofMinutes(10));
        awaitEndOfRun();

        obstacle = Optional.of("there is no job acme/smoke; an administrator creates it.");
        awaitState(State.BLOCKED, 1);
        assertThat(result().orElseThrow().sentence()).contains("there is no job acme/smoke");
    }

    @Test
    void aFailureIsTriedAgainAsOftenAsConfigured() {
        awaitState(State.RUNNING, 1);
        ends(Result.FAILURE);
        awaitEndOfRun();
        build = Optional.empty();
        awaitState(State.RUNNING, 2);
        ends(Result.FAILURE);
        awaitState(State.FAILED, 2);
        assertThat(result().orElseThrow().sentence())
                .contains("acme » smoke #1 ended as FAILURE", "https://jenkins.example.com/job/smoke/1/");
        assertThat(aborted).isEmpty();
    }

    /** With one retry, it is done three times: an aborted build has found nothing, whoever aborted it. */
    @ParameterizedTest
    @ValueSource(strings = {"ABORTED", "NOT_BUILT"})
    void aBuildThatWasAbortedIsStartedOnceMoreThanRetriesSay(String result) {
        for (int attempt = 1; attempt <= 2; attempt++) {
            awaitState(State.RUNNING, attempt);
            ends(Result.fromString(result));
            awaitEndOfRun();
            assertThat(result().orElseThrow().sentence())
                    .contains("is to run again", "run " + attempt + " was ended", "ended as " + result);
            build = Optional.empty();
        }
        awaitState(State.RUNNING, 3);
        ends(Result.fromString(result));
        awaitState(State.FAILED, 3);
        assertThat(result().orElseThrow().sentence()).contains("acme » smoke #1 ended as " + result);
    }

    @Test
    void aFailureAfterAnAbortedBuildCountsByTheRetries() {
        awaitState(State.RUNNING, 1);
        ends(Result.ABORTED);
        awaitEndOfRun();
        build = Optional.empty();
        awaitState(State.RUNNING, 2);
        ends(Result.FAILURE);
        awaitState(State.FAILED, 2);
    }
}
