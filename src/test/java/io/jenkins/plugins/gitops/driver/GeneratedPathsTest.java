package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.worktree.BodyChanges;
import io.jenkins.plugins.gitops.worktree.FileEntry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Generated files are merged where that is clean, and otherwise have to be generated anew. */
class GeneratedPathsTest extends MemoryDriverTestBase {

    private Driver driver;

    @BeforeEach
    void open() throws Exception {
        scene.byHand("generated/all.yaml", "a: 1\nb: 1\nc: 1\nd: 1\ne: 1\n", "Generate");
        driver = scene.driver("driver");
        scene.announce(driver, "app#1", "api", "v1");
    }

    @Test
    void aCleanMergeIsKept() throws Exception {
        scene.byHand("auto", "generated/all.yaml", "a: 2\nb: 1\nc: 1\nd: 1\ne: 1\n", "Change the first line");
        scene.byHand("generated/all.yaml", "a: 1\nb: 1\nc: 1\nd: 1\ne: 2\n", "Change the last line");
        driver.round();

        assertThat(scene.queue()).hasSize(2);
        assertThat(scene.text("auto", "generated/all.yaml")).isEqualTo("a: 2\nb: 1\nc: 1\nd: 1\ne: 2");
    }

    @Test
    void aConflictIsEvictedAndHasToBeGeneratedAnew() throws Exception {
        String ours = scene.byHand("auto", "generated/all.yaml", "a: 2\n", "Generate ours");
        scene.byHand("generated/all.yaml", "a: 3\n", "Generate theirs");
        driver.round();

        ChangeStatus status = driver.status(ours).orElseThrow();
        assertThat(scene.queue()).hasSize(1);
        assertThat(status.outcome()).contains(Outcome.EVICTED);
        assertThat(status.cause()).contains("conflict");
        assertThat(status.reason()).contains("must be generated anew", "generated/all.yaml");
    }

    @Test
    void aConflictElsewhereTooIsAnOrdinaryOne() throws Exception {
        scene.byHand("auto", "generated/all.yaml", "a: 2\n", "Generate ours");
        String ours = scene.byHand("auto", "README.md", "Ours\n", "Say ours");
        scene.byHand("README.md", "Theirs\n", "Say theirs");
        driver.round();

        assertThat(driver.status(ours).orElseThrow().reason())
                .contains("It conflicts with main in README.md")
                .doesNotContain("generated");
    }

    @Test
    void aReplayedChangeOfABodyWhoseInputsChangedEndsAsAConflictWhenItTurnsRed() throws Exception {
        SubmittedChange change = generate("app#2");
        scene.byHand("src/targets.txt", "one more target\n", "Add a target");
        driver.round();
        turnRed();

        ChangeStatus status = driver.status(change.id()).orElseThrow();
        assertThat(status.outcome()).contains(Outcome.EVICTED);
        assertThat(status.cause()).contains("conflict");
        assertThat(status.reason())
                .contains("Required checks failed: ci/check", "its body worked on other files", "made anew");
    }

    @Test
    void anEvictionBelowChangesTheInputsOfABodyToo() throws Exception {
        String below = scene.queue().get(0);
        SubmittedChange change = generate("app#2");
        scene.report(driver, scene.main(), CheckState.SUCCESS);
        scene.report(driver, below, CheckState.FAILURE);
        scene.clock.turn(Duration.ofMinutes(2));
        driver.round();
        turnRed();

        assertThat(driver.status(change.id()).orElseThrow().cause()).contains("conflict");
    }

    @Test
    void aChangeOfABodyWhoseInputsAreTheSameEndsAsRed() throws Exception {
        SubmittedChange change = generate("app#2");
        scene.report(driver, scene.queue().get(0), CheckState.SUCCESS);
        // A generated file is no input.
        scene.byHand("generated/other.yaml", "other\n", "Generate something else");
        driver.round();
        turnRed();

        assertThat(driver.status(change.id()).orElseThrow().cause()).contains("red");
    }

    @Test
    void aChangeWithoutABodyEndsAsRed() throws Exception {
        String id = RepositoryScene.queue(driver).get(0).id();
        scene.byHand("src/targets.txt", "one more target\n", "Add a target");
        driver.round();
        turnRed();

        assertThat(driver.status(id).orElseThrow().cause()).contains("red");
    }

    /** A build commits images, and what its body has generated on the tip of auto. */
    private SubmittedChange generate(String order) throws Exception {
        var file = new BodyChanges.File(FileEntry.Kind.REGULAR, "made\n".getBytes(StandardCharsets.UTF_8));
        var body = new BodyChanges(
                ObjectId.fromString(scene.auto()), new TreeMap<>(Map.of("generated/shop.yaml", Optional.of(file))));
        NewChange change = RepositoryScene.change(order, RepositoryScene.images("shop", "v2"))
                .withBody(body);
        return scene.answer(driver, new AppendChange(change));
    }

    /** CI finds the tip red and everything below it green, and nobody runs it again. */
    private void turnRed() throws Exception {
        List<String> queue = scene.queue();
        scene.report(driver, scene.main(), CheckState.SUCCESS);
        scene.report(driver, queue.get(queue.size() - 1), CheckState.FAILURE);
        if (queue.size() > 1) {
            scene.report(driver, queue.get(queue.size() - 2), CheckState.SUCCESS);
        }
        scene.clock.turn(Duration.ofMinutes(2));
        driver.round();
    }
}
