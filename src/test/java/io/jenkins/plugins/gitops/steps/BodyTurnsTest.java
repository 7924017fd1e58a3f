package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import hudson.AbortException;
import hudson.model.Result;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of one repository work one after the other, each on what the one before has made. */
class BodyTurnsTest extends DeliveryStepTestBase {

    private static final int BUILDS = 60;

    private final ManualClock clock = new ManualClock();

    @BeforeEach
    void generateFiles() {
        RepositoryDefinition configured = repository.definition();
        configured.setGeneratedPaths(List.of("generated/**"));
        steps.configure(configured);
        DriverRegistry.get().setClock(clock);
    }

    /** A body that rewrites the one generated file from all images. */
    private static Object generate(Path cfg) throws Exception {
        Files.createDirectories(cfg.resolve("generated"));
        String digests = Files.readString(cfg.resolve("images/staging/digests.json"));
        Files.writeString(cfg.resolve("generated/all.yaml"), digests.lines().count() + " lines\n");
        return null;
    }

    private StepHarness.Started start(String job, TestStepContext.Body body) throws Exception {
        steps.in(Files.createDirectories(folder.resolve(job)).toFile());
        return steps.body(body).start(steps.build(job), "commitConfig", arguments(job));
    }

    private static Map<String, Object> arguments(String service) {
        return Map.of("wave", "staging", "images", ConfigRepoFixture.images(service, ConfigRepoFixture.DIGEST));
    }

    @Test
    void noneOfManyBuildsWithOneGeneratedFileFails() throws Exception {
        var builds = new ArrayList<StepHarness.Started>();
        for (int i = 0; i < BUILDS; i++) {
            builds.add(start("app" + i, BodyTurnsTest::generate));
        }

        for (StepHarness.Started build : builds) {
            assertThat(build.result()).containsEntry("changed", true);
        }
        assertThat(repository.queued()).isEqualTo(BUILDS);
        assertThat(GitCli.run(repository.bare(), "log", "--format=%s", "refs/heads/auto", "--", "generated/all.yaml")
                        .lines())
                .hasSize(BUILDS);
    }

    private StepHarness.Started waitingFor(String other) throws Exception {
        var second = start("second", BodyTurnsTest::generate);
        await().until(() -> second.log().contains("Waiting for the turn of this body: that of " + other + " works"));
        return second;
    }

    private StepHarness.Started running(String job) throws Exception {
        var first = start(job, cfg -> TestStepContext.Body.GOES_ON);
        await().until(() -> first.context().runningBody() != null);
        return first;
    }

    /** Pipeline resumes builds in any order, and one that something looks at before Jenkins has started. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRestartInTheMiddleOfALineKeepsItsOrder(boolean resumedTooEarly) throws Exception {
        var builds = new LinkedHashMap<StepHarness.Started, byte[]>();
        var first = running("first");
        builds.put(first, null);
        for (String job : List.of("second", "third", "fourth")) {
            clock.turn(Duration.ofSeconds(1));
            var waiting = start(job, BodyTurnsTest::generate);
            await().until(() -> waiting.log().contains("Waiting for the turn of this body: that of first #1"));
            builds.put(waiting, null);
        }
        for (var build : builds.entrySet()) {
            build.setValue(build.getKey().save());
            build.getKey().abort();
        }
        if (resumedTooEarly) {
            Path uptime = Jenkins.get().getRootDir().toPath().resolve("gitops-waves/uptime.json");
            Files.createDirectories(uptime.getParent());
            Files.writeString(uptime, "{\"alive\": \"" + clock.instant() + "\"}");
        } else {
            steps.controllerIsDown(Duration.ofMinutes(1));
        }

        var resumed = new ArrayList<>(builds.keySet());
        Collections.reverse(resumed);
        for (StepHarness.Started build : resumed) {
            steps.in(folder.resolve(build.run().getParent().getFullName()).toFile());
            build.resume(builds.get(build));
        }
        if (resumedTooEarly) {
            steps.controllerIsDown(Duration.ofMinutes(1));
        }
        clock.turn(Duration.ofMinutes(2));
        assertThat(resumed.get(0).status()).isEqualTo("waiting until the body of first #1 has ended");
        first.endBody();

        for (StepHarness.Started build : builds.keySet()) {
            assertThat(build.result()).containsKey("changed");
        }
        assertThat(GitCli.run(
                                repository.bare(),
                                "log",
                                "--reverse",
                                "--format=%(trailers:key=Autocommit-Services,valueonly,separator=)",
                                "refs/heads/master..refs/heads/auto")
                        .lines())
                .containsExactly("first", "second", "third", "fourth");
    }

    @Test
    void theTurnOfABuildThatWasKilledIsPassedOn() throws Exception {
        var first = running("first");
        var second = waitingFor("first #1");

        first.run().end(Result.ABORTED);

        assertThat(second.result()).containsEntry("changed", true);
    }

    @Test
    void theTurnOfABuildThatWasDeletedIsPassedOn() throws Exception {
        var first = running("first");
        var second = waitingFor("first #1");

        first.run().getParent().removeRun(first.run());

        assertThat(second.result()).containsEntry("changed", true);
    }

    @Test
    void theTurnOfABodyThatNeverEndsIsPassedOnAfterTenMinutes() throws Exception {
        var first = running("first");
        var second = waitingFor("first #1");

        clock.turn(Duration.ofMinutes(10));

        assertThat(second.result()).containsEntry("changed", true);
        assertThat(first.log()).contains("The body has had its turn for 10 minutes");
    }

    @Test
    void aBodyInsideABodyOnTheSameRepositoryIsRefusedAtOnce() throws Exception {
        var outer = running("first");

        assertThatThrownBy(() -> steps.start(outer, "commitConfig", arguments("second")))
                .isInstanceOf(AbortException.class)
                .hasMessage("commitConfig with a body is inside the body of another step on cfg-app, and would wait for"
                        + " that one to end. Put one after the other, or make all files in one body.");
    }

    @Test
    void aStepWithoutABodyInsideABodyNeedsNoTurn() throws Exception {
        var outer = running("first");

        var inner = steps.body(null).start(outer, "commitConfig", arguments("second"));

        assertThat(inner.result()).containsEntry("changed", true);
        assertThat(outer.context().hasEnded()).isFalse();
    }

    @Test
    void aBodyWaitsAndSaysForWhom() throws Exception {
        var first = start("first", cfg -> TestStepContext.Body.GOES_ON);
        await().until(() -> first.context().runningBody() != null);
        var second = start("second", BodyTurnsTest::generate);
        await().until(() -> second.log().contains("Waiting for the turn of this body: that of first #1 works"));
        assertThat(second.status()).isEqualTo("waiting until the body of first #1 has ended");

        first.abort();

        assertThat(second.result()).containsEntry("changed", true);
    }
}
