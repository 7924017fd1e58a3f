package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.EvictChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RecordReport;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the simulation found, each as a scenario of its own on a real repository. */
class DriverFindingsTest extends DriverTestBase {

    private Driver driver;

    @BeforeEach
    void begin() throws GitOpsException {
        driver = scene.driver("jenkins");
    }

    private SubmittedChange replace(String order, String... servicesAndVersions) throws GitOpsException {
        ChangeTrailers trailers = RepositoryScene.trailers(ChangeOperation.REPLACE, WavePath.of("staging"), order)
                .build();
        NewChange change = new NewChange(trailers, RepositoryScene.images(servicesAndVersions));
        return scene.answer(driver, new AppendChange(change));
    }

    @Test
    void anEarlierReplacementLeavesTheServicesThatALaterBuildWrote() throws Exception {
        scene.announce(driver, "app#1", "api", "v1", "old", "v1");
        scene.announce(driver, "app#3", "web", "v3");
        replace("app#2", "api", "v2");
        scene.report(driver, scene.auto(), CheckState.SUCCESS);

        assertThat(scene.tag("main", "api")).isEqualTo("v2");
        assertThat(scene.tag("main", "web")).as("the later build added it").isEqualTo("v3");
        assertThat(scene.tag("main", "old")).as("the earlier build wrote it").isEmpty();
    }

    @Test
    void aReplacementThatLeftAServiceToALaterBuildLeavesItOnReplayToo() throws Exception {
        scene.report(
                driver,
                scene.announce(driver, "app#1", "api", "v1", "web", "v1").sha(),
                CheckState.SUCCESS);
        SubmittedChange later = scene.announce(driver, "app#3", "web", "v3");
        replace("app#2", "api", "v2", "web", "v2");
        assertThat(scene.tag("auto", "web")).isEqualTo("v3");
        scene.byHand("docs.md", "x", "Have it replayed");
        driver.round();
        assertThat(scene.tag("auto", "web")).isEqualTo("v3");

        scene.answer(driver, new EvictChange(later.id(), "its build was aborted"));
        scene.report(driver, scene.auto(), CheckState.SUCCESS);
        assertThat(scene.tag("main", "api")).isEqualTo("v2");
        assertThat(scene.tag("main", "web"))
                .as("nobody asked for it to be removed")
                .isEqualTo("v1");
    }

    @Test
    void aReplacementLeavesAServiceThatComesBackWhenWhatRemovedItIsEvicted() throws Exception {
        SubmittedChange later = scene.announce(driver, "app#3", "web", "v3");
        scene.report(driver, later.sha(), CheckState.SUCCESS);
        SubmittedChange remover = replace("other#1", "db", "v1");
        scene.clock.turn(Duration.ofMinutes(1));
        replace("app#2", "api", "v2");
        assertThat(scene.tag("auto", "web")).isEmpty();
        scene.answer(driver, new EvictChange(remover.id(), "its build was aborted"));

        assertThat(scene.tag("auto", "api")).isEqualTo("v2");
        assertThat(scene.tag("auto", "web")).as("the later build wrote it").isEqualTo("v3");
    }

    @Test
    void twoWordsOfOneRunThatWaitTogetherCountAsTheLastOne() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        var pending = driver.submit(new RecordReport(verdict(change.sha(), CheckState.PENDING)));
        assertThat(scene.answer(driver, new RecordReport(verdict(change.sha(), CheckState.SUCCESS))))
                .isTrue();

        assertThat(pending).isCompletedWithValue(true);
        assertThat(scene.main()).isEqualTo(change.sha());
    }

    private CheckReport verdict(String sha, CheckState state) {
        return new CheckReport(sha, new CheckStatus(RepositoryScene.CHECK, state, scene.clock.instant(), 1), "ci");
    }

    @Test
    void aChangeThatEndedDoesNotComeBackWithAnOldAutoBranch() throws Exception {
        SubmittedChange aborted = scene.announce(driver, "app#1", "api", "v1");
        SubmittedChange other = scene.announce(driver, "other#1", "web", "v1");
        String old = scene.auto();
        scene.answer(driver, new EvictChange(aborted.id(), "its build was aborted"));
        scene.git("update-ref", "refs/heads/auto", old);
        driver.round();

        assertThat(driver.status(aborted.id()).orElseThrow().cause()).contains("requested");
        assertThat(driver.state().orElseThrow().auto())
                .extracting(queued -> queued.status().id())
                .containsExactly(other.id());
        assertThat(scene.tag("auto", "api")).isEmpty();
    }

    @Test
    void aDriverThatWasBehindDoesNotBringBackWhatAnotherEvicted() throws Exception {
        SubmittedChange aborted = scene.announce(driver, "app#1", "api", "v1");
        SubmittedChange other = scene.announce(driver, "other#1", "web", "v1");
        Driver another = scene.driver("another");
        scene.answer(another, new EvictChange(aborted.id(), "its build was aborted"));
        scene.git("update-ref", "-d", "refs/heads/auto");
        driver.round();

        assertThat(driver.state().orElseThrow().auto())
                .extracting(queued -> queued.status().id())
                .containsExactly(other.id());
        assertThat(scene.tag("auto", "api")).isEmpty();
    }

    @Test
    void aChangeThatSomebodyCopiedToMainIsMergedAndNotQueuedAnyMore() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "api", "v1");
        scene.byHand("docs.md", "x", "Move main");
        Path checkout = scene.checkout();
        GitCli.run(checkout, "fetch", "-q", "origin");
        GitCli.run(checkout, "checkout", "-q", "--detach", "origin/main");
        GitCli.run(checkout, "cherry-pick", "origin/auto");
        GitCli.run(checkout, "push", "-q", "origin", "HEAD:refs/heads/main");
        scene.byHand("images/staging/tags.json", "{}\n", "Take its images back");
        scene.byHand("images/staging/digests.json", "{}\n", "Take its images back");
        driver.round();

        assertThat(driver.status(change.id()).orElseThrow().outcome()).contains(Outcome.MERGED);
        assertThat(scene.queue()).isEmpty();
    }

    @Test
    void anEvictedCommitOfAPersonMayBePushedAgain() throws Exception {
        scene.report(driver, scene.announce(driver, "app#1", "api", "v1").sha(), CheckState.SUCCESS);
        String byHand = scene.byHand("auto", "docs.md", "x", "Write docs");
        scene.report(driver, byHand, CheckState.FAILURE);
        scene.clock.turn(Duration.ofMinutes(2));
        driver.round();
        assertThat(scene.queue()).isEmpty();
        scene.git("update-ref", "refs/heads/auto", byHand);
        driver.round();
        assertThat(scene.queue()).containsExactly(byHand);

        scene.report(driver, byHand, CheckState.SUCCESS, 2);
        assertThat(scene.main()).isEqualTo(byHand);
    }
}
