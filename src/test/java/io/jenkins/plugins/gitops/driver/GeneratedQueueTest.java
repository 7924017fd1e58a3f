package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RegenerateTip;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.generation.GenerationTask;
import io.jenkins.plugins.gitops.generation.GeneratorBuild;
import io.jenkins.plugins.gitops.worktree.BodyChanges;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A repository with a generator: at every commit that the driver makes, the generated files fit the others. */
class GeneratedQueueTest extends GeneratedQueueTestBase {

    // ---- the two stories -----------------------------------------------------------------------------------------

    @Test
    void aFixAboveARedChangeLands() throws Exception {
        SubmittedChange bad = append("orders#1", "orders", "bad");
        SubmittedChange fix = append("orders#2", "orders", "fix");
        report(bad.sha(), CheckState.FAILURE);
        scene.report(driver, scene.main(), CheckState.SUCCESS);
        scene.clock.turn(Duration.ofMinutes(2));
        settle();
        assertThat(driver.status(bad.id()).orElseThrow().outcome()).contains(Outcome.EVICTED);
        assertFits("auto");
        assertThat(scene.queue()).hasSize(1);

        report(scene.auto(), CheckState.SUCCESS);

        assertThat(driver.status(fix.id()).orElseThrow().outcome()).contains(Outcome.MERGED);
        assertThat(scene.tag("main", "orders")).isEqualTo("fix");
        assertFits("main");
    }

    @Test
    void aPersonsPushHurtsNobody() throws Exception {
        SubmittedChange change = append("orders#1", "orders", "v1");
        scene.byHand("targets.txt", "one more target\n", "Add a target");
        settle();

        assertThat(scene.queue()).hasSize(1);
        assertFits("auto");

        report(scene.auto(), CheckState.SUCCESS);

        assertThat(driver.status(change.id()).orElseThrow().outcome()).contains(Outcome.MERGED);
        assertFits("main");
    }

    // ---- when it is asked ----------------------------------------------------------------------------------------

    @Test
    void nothingIsPushedBeforeTheAnswerIsThere() throws Exception {
        CompletableFuture<SubmittedChange> asked = driver.submit(change("orders#1", "orders", "v1"));
        driver.round();

        assertThat(asked).isNotDone();
        assertThat(scene.queue()).isEmpty();
        assertThat(driver.progress()).contains("Waiting for a build of acme/generate", "update app to");

        assertThat(generator.run()).isEqualTo(1);
        driver.round();

        assertThat(asked).isCompleted();
        assertFits("auto");
    }

    @Test
    void oneBuildAnswersForAWholeQueue() throws Exception {
        for (int number = 1; number <= 5; number++) {
            append("orders#" + number, "orders", "v" + number);
        }
        scene.byHand("targets.txt", "one more target\n", "Add a target");
        String before = scene.auto();
        driver.round();
        generator.generated.clear();

        assertThat(scene.auto()).isEqualTo(before);
        assertThat(RepositoryScene.queue(driver))
                .allSatisfy(status -> assertThat(status.reason())
                        .contains("Waiting for a build of acme/generate, to generate for commit 1 of 5"));
        assertThat(generator.run()).isEqualTo(5);
        assertThat(generator.generated)
                .containsExactly("commit 1 of 5", "commit 2 of 5", "commit 3 of 5", "commit 4 of 5", "commit 5 of 5");

        driver.round();
        assertThat(scene.queue()).hasSize(5).allSatisfy(this::assertFits);
    }

    @Test
    void onlyWhatStandsAboveAnEvictedChangeIsAsked() throws Exception {
        append("orders#1", "orders", "v1");
        SubmittedChange bad = append("shop#1", "shop", "bad");
        append("api#1", "api", "v1");
        append("app#1", "app", "v1");
        evict(bad);

        assertThat(generator.run()).isEqualTo(2);
        driver.round();
        assertThat(scene.queue()).hasSize(3).allSatisfy(this::assertFits);
    }

    @Test
    void evictingTheTopAsksNobody() throws Exception {
        append("orders#1", "orders", "v1");
        evict(append("shop#1", "shop", "bad"));

        assertThat(workQueue.wantsBuild()).isFalse();
        assertThat(scene.queue()).hasSize(1);
    }

    @Test
    void whatWasGeneratedBeforeIsKnownAfterARestart() throws Exception {
        append("orders#1", "orders", "v1");
        append("shop#1", "shop", "v1");
        scene.byHand("targets.txt", "one more target\n", "Add a target");
        settle();
        scene.byHand("targets.txt", "two more targets\n", "Add another");
        settle();
        driver.close();
        open("driver");
        scene.byHand("targets.txt", "one more target\n", "Take it away again");
        driver.round();

        assertThat(workQueue.wantsBuild()).isFalse();
        assertThat(scene.queue()).hasSize(2).allSatisfy(this::assertFits);
    }

    @Test
    void whatIsNotWantedAnyMoreIsDropped() throws Exception {
        append("orders#1", "orders", "v1");
        scene.byHand("targets.txt", "one more target\n", "Add a target");
        driver.round();
        GenerationTask late = workQueue.take(generator.build(7)).orElseThrow();
        scene.byHand("targets.txt", "two more targets\n", "Add another");
        driver.round();

        assertThat(workQueue.complete(
                        generator.build(7), late, SimulatedGenerator.changes(late, "made of what was before\n")))
                .isFalse();
        assertThat(generator.run()).isEqualTo(1);
        driver.round();
        assertFits("auto");
    }

    @Test
    void aHandMadeCommitIsGeneratedToo() throws Exception {
        scene.byHand("auto", "targets.txt", "by hand\n", "Add a target");
        scene.byHand("limits.txt", "10\n", "Set a limit");
        settle();

        assertThat(scene.queue()).hasSize(1).allSatisfy(this::assertFits);
    }

    @Test
    void aCommitOfGeneratedFilesAloneIsOverwrittenAndToldSo() throws Exception {
        String edit = scene.byHand("auto", SimulatedGenerator.FILE, "edited\n", "Edit what is generated");
        scene.byHand("targets.txt", "one more target\n", "Add a target");
        scene.byHand(SimulatedGenerator.FILE, made("main"), "Generate");
        settle();

        ChangeStatus status = driver.status(edit).orElseThrow();
        assertThat(scene.queue()).isEmpty();
        assertThat(status.outcome()).contains(Outcome.SATISFIED);
        assertThat(status.reason()).contains("It changes generated files only");
    }

    // ---- when it fails -------------------------------------------------------------------------------------------

    @Test
    void aChangeForWhichTheGeneratorFailsIsEvictedAndTheRestGoesOn() throws Exception {
        append("orders#1", "orders", "v1");
        String broken = scene.byHand("auto", "targets.txt", SimulatedGenerator.BROKEN + "\n", "Break it");
        scene.byHand("limits.txt", "10\n", "Set a limit");
        settle();

        ChangeStatus status = driver.status(broken).orElseThrow();
        assertThat(status.outcome()).contains(Outcome.EVICTED);
        assertThat(status.cause()).contains("generation failed");
        assertThat(status.reason())
                .contains("make exited with 2", "acme/generate #", "https://jenkins.example.com/generate/");
        assertThat(scene.queue()).hasSize(1).allSatisfy(this::assertFits);
    }

    @Test
    void anAppendForWhichTheGeneratorFailsIsRefused() throws Exception {
        CompletableFuture<SubmittedChange> asked =
                driver.submit(change("orders#1", "orders", SimulatedGenerator.BROKEN));
        settle();

        assertThat(asked)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("the generator fails for it: make exited with 2");
        assertThat(scene.queue()).isEmpty();
    }

    @Test
    void whenMainItselfFailsItIsNamedAndNothingIsEvicted() throws Exception {
        append("orders#1", "orders", "v1");
        scene.byHand("targets.txt", SimulatedGenerator.BROKEN + "\n", "Break main");
        settle();

        assertThat(scene.queue()).hasSize(1);
        assertThat(driver.state().orElseThrow().problems())
                .anySatisfy(problem -> assertThat(problem)
                        .contains("The generator fails for main itself", "make exited with 2", "tried again"));
        assertThat(RepositoryScene.queue(driver).get(0).reason()).contains("The generator fails for main itself");

        scene.byHand("targets.txt", "mended\n", "Mend main");
        settle();
        assertThat(scene.queue()).hasSize(1).allSatisfy(this::assertFits);
        assertThat(driver.state().orElseThrow().problems()).isEmpty();
    }

    @Test
    void aBuildThatEndsWithoutAnAnswerIsReplaced() throws Exception {
        append("orders#1", "orders", "v1");
        scene.byHand("targets.txt", "one more target\n", "Add a target");
        driver.round();
        workQueue.take(generator.build(7)).orElseThrow();
        assertThat(workQueue.wantsBuild()).isFalse();

        workQueue.release(generator.build(7), true);
        assertThat(workQueue.wantsBuild()).isFalse();
        assertThat(workQueue.sentence().orElseThrow()).contains("Its last build has generated nothing");
        scene.clock.turn(Duration.ofSeconds(15));
        assertThat(workQueue.wantsBuild()).isTrue();
        settle();

        assertThat(scene.queue()).hasSize(1).allSatisfy(this::assertFits);
    }

    @Test
    void aGeneratorThatLeavesNoFileHasFailed() throws Exception {
        CompletableFuture<SubmittedChange> asked = driver.submit(change("orders#1", "orders", "v1"));
        driver.round();
        for (int attempt = 0; attempt < 2; attempt++) {
            GenerationTask task = workQueue.take(generator.build(1)).orElseThrow();
            var nothing = new TreeMap<>(SimulatedGenerator.changes(task, "").files());
            nothing.put(SimulatedGenerator.FILE, Optional.empty());
            workQueue.complete(
                    generator.build(1), task, new BodyChanges(task.tree().base(), nothing));
        }
        settle();

        assertThat(asked)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("it left no file in generated/**");
    }

    /** One tree in 25 is generated twice. */
    @Test
    void aGeneratorThatChangesItsAnswerIsNamed() throws Exception {
        var seen = new HashSet<String>();
        for (int number = 1; number <= 30 && workQueue.problems().isEmpty(); number++) {
            driver.submit(change("orders#" + number, "orders", "v" + number));
            driver.round();
            GeneratorBuild build = generator.build(number);
            for (var task = workQueue.take(build); task.isPresent(); task = workQueue.take(build)) {
                boolean again = !seen.add(task.get().input());
                String text = SimulatedGenerator.text(SimulatedGenerator.inputs(task.get()))
                        .orElseThrow();
                workQueue.complete(
                        build, task.get(), SimulatedGenerator.changes(task.get(), again ? text + "at noon\n" : text));
            }
            driver.round();
        }

        assertThat(workQueue.problems())
                .singleElement()
                .asString()
                .contains("The generator is not reproducible", "Let it make equal files of equal inputs");
        assertThat(driver.state().orElseThrow().problems()).anyMatch(problem -> problem.contains("not reproducible"));
    }

    // ---- started by hand -----------------------------------------------------------------------------------------

    @Test
    void aStaleMainIsMendedByAChangeOfItsOwn() throws Exception {
        scene.byHand("targets.txt", "one more target\n", "Add a target");
        CompletableFuture<Optional<String>> asked = driver.submit(new RegenerateTip());
        settle();

        assertThat(scene.queue()).hasSize(1).allSatisfy(this::assertFits);
        assertThat(asked).isCompletedWithValue(Optional.of(scene.auto()));
        report(scene.auto(), CheckState.SUCCESS);
        assertFits("main");
    }

    @Test
    void aMainThatIsAsItShouldBeIsLeftAlone() throws Exception {
        CompletableFuture<Optional<String>> asked = driver.submit(new RegenerateTip());
        settle();

        assertThat(asked).isCompletedWithValue(Optional.empty());
        assertThat(scene.queue()).isEmpty();
        assertThat(generator.generated).hasSize(1);
    }
}
