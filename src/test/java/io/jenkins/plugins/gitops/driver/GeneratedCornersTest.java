package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.generation.GenerationTask;
import io.jenkins.plugins.gitops.images.ImageSetLayout.Layout;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people and settings do to generated files besides making others of what they are generated from. */
class GeneratedCornersTest extends GeneratedQueueTestBase {

    @TempDir
    Path root;

    @Override
    RepositoryScene makeScene() {
        return RepositoryScene.onDisk(root);
    }

    /** What somebody does to a checkout. */
    private interface Edit {
        void in(Path checkout) throws IOException;
    }

    /** Somebody edits a branch, and pushes it. */
    private String edit(String branch, Edit edit) throws IOException {
        Path checkout = scene.checkout();
        GitCli.run(checkout, "fetch", "-q", "origin");
        GitCli.run(checkout, "checkout", "-q", "--detach", "origin/" + branch);
        edit.in(checkout);
        GitCli.run(checkout, "add", "-A");
        GitCli.run(checkout, "commit", "-q", "-m", "Edit by hand");
        GitCli.run(checkout, "push", "-q", "origin", "HEAD:refs/heads/" + branch);
        return GitCli.run(checkout, "rev-parse", "HEAD").strip();
    }

    // ---- by hand -------------------------------------------------------------------------------------------------

    @Test
    void aCommitOfAnInputAndOfWhatIsGeneratedKeepsTheInputOnly() throws Exception {
        edit("auto", checkout -> {
            Files.writeString(checkout.resolve("targets.txt"), "by hand\n");
            Files.writeString(checkout.resolve(SimulatedGenerator.FILE), "edited\n");
        });
        scene.byHand("limits.txt", "10\n", "Set a limit");
        settle();

        assertThat(scene.queue()).hasSize(1).allSatisfy(this::assertFits);
        assertThat(scene.git("show", "auto:targets.txt")).isEqualTo("by hand");
    }

    @Test
    void aCommitThatDeletesWhatIsGeneratedIsOverwritten() throws Exception {
        append("orders#1", "orders", "v1");
        String deleting = edit("auto", checkout -> Files.delete(checkout.resolve(SimulatedGenerator.FILE)));
        scene.byHand("limits.txt", "10\n", "Set a limit");
        settle();

        assertThat(driver.status(deleting).orElseThrow().reason()).contains("It changes generated files only");
        assertThat(scene.queue()).hasSize(1).allSatisfy(this::assertFits);
    }

    @Test
    void aCommitThatMakesALinkOfWhatIsGeneratedIsOverwritten() throws Exception {
        append("orders#1", "orders", "v1");
        edit("auto", checkout -> {
            Files.delete(checkout.resolve(SimulatedGenerator.FILE));
            Files.createSymbolicLink(checkout.resolve(SimulatedGenerator.FILE), Path.of("../README.md"));
        });
        scene.byHand("limits.txt", "10\n", "Set a limit");
        settle();

        assertThat(scene.queue()).hasSize(1).allSatisfy(this::assertFits);
        assertThat(scene.git("ls-tree", "auto", SimulatedGenerator.FILE)).startsWith("100644 ");
    }

    @Test
    void aLinkInThePlaceOfTheFolderIsOverwritten() throws Exception {
        append("orders#1", "orders", "v1");
        String linking = edit("auto", checkout -> {
            Files.delete(checkout.resolve(SimulatedGenerator.FILE));
            Files.delete(checkout.resolve("generated"));
            Files.createSymbolicLink(checkout.resolve("generated"), Path.of("elsewhere"));
        });
        scene.byHand("limits.txt", "10\n", "Set a limit");
        settle();

        assertThat(driver.status(linking).orElseThrow().reason()).contains("It changes generated files only");
        assertThat(scene.queue()).hasSize(1).allSatisfy(this::assertFits);
    }

    /** Whatever stood there, equal inputs have one answer. */
    @Test
    void aSubmoduleAmongGeneratedFilesIsRemoved() throws Exception {
        String sub = scene.main();
        edit("main", checkout -> {
            Files.writeString(checkout.resolve("targets.txt"), "one\n");
            GitCli.run(checkout, "update-index", "--add", "--cacheinfo", "160000," + sub + ",generated/sub");
            Files.createDirectories(checkout.resolve("generated/sub"));
        });
        assertThat(scene.git("ls-tree", "main", "generated/")).contains("160000");
        append("orders#1", "orders", "v1");

        assertFits("auto");
        assertThat(scene.git("ls-tree", "-r", "--name-only", "auto", "generated/"))
                .isEqualTo(SimulatedGenerator.FILE);
    }

    @Test
    void aStaleMainIsMendedByTheFirstChangeOnIt() throws Exception {
        scene.byHand("targets.txt", "one more target\n", "Add a target, and forget to generate");
        SubmittedChange change = append("orders#1", "orders", "v1");
        assertFits("auto");

        report(scene.auto(), CheckState.SUCCESS);

        assertThat(driver.status(change.id()).orElseThrow().outcome()).contains(Outcome.MERGED);
        assertFits("main");
    }

    @Test
    void anInputThatAPersonRemovesBelowIsGeneratedWithoutIt() throws Exception {
        scene.byHand("targets.txt", "one\n", "Add a target");
        append("orders#1", "orders", "v1");
        append("shop#1", "shop", "v1");
        edit("main", checkout -> Files.delete(checkout.resolve("targets.txt")));
        settle();

        assertThat(scene.queue()).hasSize(2).allSatisfy(this::assertFits);
    }

    @Test
    void aPersonsImageFilesBelowCountAsInputs() throws Exception {
        append("orders#1", "orders", "v1");
        report(scene.auto(), CheckState.SUCCESS);
        append("shop#1", "shop", "v1");
        edit("main", checkout -> {
            for (String file : List.of("tags", "digests")) {
                Files.delete(checkout.resolve("images/staging/" + file + ".json"));
            }
        });
        settle();

        assertThat(scene.queue()).hasSize(1).allSatisfy(this::assertFits);
        assertThat(scene.tag("auto", "orders")).isEmpty();
        assertThat(scene.tag("auto", "shop")).isEqualTo("v1");
    }

    // ---- answers -------------------------------------------------------------------------------------------------

    @Test
    void anAnswerThatComesTwiceCountsOnce() throws Exception {
        CompletableFuture<SubmittedChange> asked = driver.submit(change("orders#1", "orders", "v1"));
        driver.round();
        GenerationTask first = workQueue.take(generator.build(7)).orElseThrow();
        scene.clock.turn(Duration.ofHours(1));
        GenerationTask second = workQueue.take(generator.build(8)).orElseThrow();
        generator.generate(generator.build(8), second);
        driver.round();

        assertThat(asked).isCompleted();
        assertThat(workQueue.complete(
                        generator.build(7), first, SimulatedGenerator.changes(first, "of a build that was slow\n")))
                .isFalse();
        driver.round();
        assertThat(scene.queue()).hasSize(1).allSatisfy(this::assertFits);
    }

    @Test
    void anAnswerThatComesAfterAnEvictionIsDropped() throws Exception {
        append("orders#1", "orders", "v1");
        SubmittedChange bad = append("shop#1", "shop", "bad");
        append("api#1", "api", "v1");
        CompletableFuture<SubmittedChange> asked = driver.submit(change("app#1", "app", "v1"));
        driver.round();
        GenerationTask late = workQueue.take(generator.build(7)).orElseThrow();
        evict(bad);

        assertThat(workQueue.complete(generator.build(7), late, SimulatedGenerator.changes(late, "of bad\n")))
                .isFalse();
        workQueue.release(generator.build(7), true);
        scene.clock.turn(Duration.ofSeconds(15));
        settle();
        assertThat(asked).isCompleted();
        assertThat(scene.queue()).hasSize(3).allSatisfy(this::assertFits);
    }

    @Test
    void aBuildThatEndedWithoutHavingBeenAskedDelaysNothing() throws Exception {
        driver.submit(change("orders#1", "orders", "v1"));
        driver.round();

        workQueue.release(generator.build(7), false);

        assertThat(workQueue.wantsBuild()).isTrue();
        assertThat(workQueue.sentence().orElseThrow()).doesNotContain("generated nothing");
    }

    @Test
    void whatABuildGivesBackIsTakenByTheNext() throws Exception {
        driver.submit(change("orders#1", "orders", "v1"));
        driver.round();
        String taken = workQueue.take(generator.build(7)).orElseThrow().input();

        workQueue.giveBack(generator.build(8), taken);
        workQueue.giveBack(generator.build(7), "a".repeat(40));
        assertThat(workQueue.wantsBuild()).isFalse();
        workQueue.giveBack(generator.build(7), taken);

        assertThat(workQueue.wantsBuild()).isTrue();
    }

    // ---- settings ------------------------------------------------------------------------------------------------

    @Test
    void otherGeneratedPathsBeginWithoutAnswers() throws Exception {
        assertThatAnswersAreForgottenWith(scene.generator("acme/generate")
                .generatedPaths(new PathPatterns(List.of("generated/**", "docs/**")))
                .build());
    }

    @Test
    void anotherGeneratorBeginsWithoutAnswers() throws Exception {
        assertThatAnswersAreForgottenWith(scene.generator("acme/other").build());
    }

    private void assertThatAnswersAreForgottenWith(RepositorySettings changed) throws Exception {
        append("orders#1", "orders", "v1");
        scene.byHand("targets.txt", "one more target\n", "Add a target");
        settle();
        driver.close();
        open("driver", changed);
        scene.byHand("targets.txt", "two more targets\n", "Add another");
        settle();
        generator.generated.clear();
        scene.byHand("targets.txt", "one more target\n", "Take it away again");
        settle();

        assertThat(generator.generated).hasSize(1);
    }

    @Test
    void anotherLayoutIsGeneratedOnTopOfWhatIsQueued() throws Exception {
        append("orders#1", "orders", "v1");
        report(scene.auto(), CheckState.SUCCESS);
        append("orders#2", "orders", "v2");
        driver.close();
        open("driver", scene.generator("acme/generate").layout(Layout.HELM).build());
        settle();
        append("shop#1", "shop", "v1");

        assertThat(scene.queue()).hasSize(3).allSatisfy(this::assertFits);
        scene.byHand("targets.txt", "one more target\n", "Add a target");
        settle();

        assertThat(scene.queue()).hasSize(3).allSatisfy(this::assertFits);
        assertThat(scene.git("ls-tree", "--name-only", "auto", "images/staging/"))
                .isEqualTo("images/staging/values.yaml");
        assertThat(scene.git("show", "auto:images/staging/values.yaml")).contains("\"orders\":", "\"shop\":");
    }

    @Test
    void pathsThatOverlapAreOneSetOfFiles() throws Exception {
        driver.close();
        open(
                "driver",
                scene.generator("acme/generate")
                        .generatedPaths(new PathPatterns(List.of("generated/", "generated/all.yaml", "*/all.yaml")))
                        .build());
        append("orders#1", "orders", "v1");
        append("shop#1", "shop", "v1");
        scene.byHand("targets.txt", "one more target\n", "Add a target");
        settle();

        assertThat(scene.queue()).hasSize(2).allSatisfy(this::assertFits);
    }

    @Test
    void namedSetsAreGeneratedTogether() throws Exception {
        driver.close();
        open(
                "driver",
                scene.generator("acme/generate")
                        .imageSets(List.of("shop", "blog"))
                        .build());
        for (String set : List.of("shop", "blog")) {
            var change = new NewChange(
                    RepositoryScene.trailers(ChangeOperation.ANNOUNCE, WavePath.of("staging", set), set + "#1")
                            .build(),
                    RepositoryScene.images("web", set));
            driver.submit(new AppendChange(change));
            settle();
        }
        scene.byHand("targets.txt", "one more target\n", "Add a target");
        settle();

        assertThat(scene.queue()).hasSize(2).allSatisfy(this::assertFits);
        assertThat(scene.git("show", "auto:" + SimulatedGenerator.FILE))
                .contains("images/staging/blog/tags.json", "images/staging/shop/tags.json");
    }

    // ---- other operations ----------------------------------------------------------------------------------------

    @Test
    void whatReplacesTheSetIsGeneratedAgainToo() throws Exception {
        append("orders#1", "orders", "v1");
        append("shop#1", "shop", "v1");
        var replacing = new NewChange(
                RepositoryScene.trailers(ChangeOperation.REPLACE, WavePath.of("staging"), "all#1")
                        .build(),
                RepositoryScene.images("shop", "v2"));
        CompletableFuture<SubmittedChange> asked = driver.submit(new AppendChange(replacing));
        settle();
        assertThat(asked).isCompleted();
        scene.byHand("targets.txt", "one more target\n", "Add a target");
        settle();

        assertThat(scene.queue()).hasSize(3).allSatisfy(this::assertFits);
        assertThat(scene.tag("auto", "orders")).isEmpty();
        assertThat(scene.tag("auto", "shop")).isEqualTo("v2");
    }
}
