package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import hudson.EnvVars;
import hudson.model.Cause;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.RecordedImage;
import io.jenkins.plugins.gitops.build.RestartedBuildListener;
import io.jenkins.plugins.gitops.images.ImageRef;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.pipeline.modeldefinition.causes.RestartDeclarativePipelineCause;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayCause;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What builds that restart or replay another one take over from it. */
class RestartedBuildTest extends ArgoCdStepTestBase {

    private TestRun original;

    @BeforeEach
    void recordImages() throws Exception {
        original = steps.build("app");
        record(original, "Service1", ConfigRepoFixture.DIGEST);
        record(original, "Service2", ConfigRepoFixture.DIGEST);
    }

    private static void record(TestRun build, String service, String digest) throws Exception {
        var image = new ImageRef("docker.example.com/" + service.toLowerCase(), "1", digest);
        DeliveryAction.of(build).record(List.of(new RecordedImage(service, image, true, null, "")));
    }

    private TestRun restarted(Run<?, ?> restarted) throws Exception {
        RestartDeclarativePipelineCause cause = mock();
        when(cause.getOriginal()).thenAnswer(call -> restarted);
        return started(cause);
    }

    private TestRun replayed(Run<?, ?> replayed) throws Exception {
        ReplayCause cause = mock();
        when(cause.getOriginal()).thenAnswer(call -> replayed);
        return started(cause);
    }

    private TestRun started(Cause cause) throws Exception {
        TestRun build = steps.build("app").causedBy(cause);
        new RestartedBuildListener().onStarted(build, TaskListener.NULL);
        return build;
    }

    private String committed(TestRun build) throws Exception {
        StepHarness.Started commit = steps.start(build, "commitConfig", Map.of("wave", "staging"));
        assertThat(commit.result()).containsEntry("changed", true);
        return commit.log();
    }

    private Map<String, ImageRef> delivered(TestRun build) {
        return DeliveryAction.of(build).deliveredImages();
    }

    @Test
    void aRestartedStageCommitsTheImagesOfTheBuildThatItRestarts() throws Exception {
        TestRun build = restarted(original);

        assertThat(committed(build)).contains("Taken from #2, which this build restarts: Service1, Service2.");

        assertThat(delivered(build)).containsOnlyKeys("Service1", "Service2");
        assertThat(repository.tip("auto")).isNotEqualTo(repository.tip("master"));
    }

    @Test
    void whatARestartedStageRecordsReplacesTheImageOfBefore() throws Exception {
        TestRun build = restarted(original);
        record(build, "Service2", ConfigRepoFixture.OTHER_DIGEST);

        assertThat(committed(build)).contains("Taken from #2, which this build restarts: Service1.");

        assertThat(delivered(build).get("Service1").digest()).isEqualTo(ConfigRepoFixture.DIGEST);
        assertThat(delivered(build).get("Service2").digest()).isEqualTo(ConfigRepoFixture.OTHER_DIGEST);
    }

    @Test
    void aReplayThatRecordsImagesDeliversTheseOnly() throws Exception {
        TestRun build = replayed(original);
        record(build, "Service2", ConfigRepoFixture.OTHER_DIGEST);

        assertThat(committed(build)).doesNotContain("Taken from");

        assertThat(delivered(build)).containsOnlyKeys("Service2");
    }

    @Test
    void aReplayWithoutImagesDeliversThoseOfBefore() throws Exception {
        TestRun build = replayed(original);

        assertThat(committed(build)).contains("Taken from #2, which this build replays: Service1, Service2.");

        assertThat(delivered(build)).containsOnlyKeys("Service1", "Service2");
    }

    @Test
    void theEnvironmentHasTheImagesFromTheBeginning() throws Exception {
        var environment = new EnvVars();
        TestRun build = restarted(original);

        DeliveryAction.of(build).buildEnvironment(build, environment);

        assertThat(environment)
                .containsEntry(
                        "GITOPS_IMAGE_SERVICE1_DIGEST", "docker.example.com/service1@" + ConfigRepoFixture.DIGEST);
    }

    @Test
    void aRestartOfARestartHasAllOfBoth() throws Exception {
        TestRun second = restarted(original);
        record(second, "Service3", ConfigRepoFixture.DIGEST);
        TestRun third = restarted(second);

        assertThat(committed(third)).contains("Taken from #3, which this build restarts: ");

        assertThat(delivered(third)).containsOnlyKeys("Service1", "Service2", "Service3");
    }

    @Test
    void isTheSameAfterARestartOfTheController() throws Exception {
        TestRun build = restarted(original);
        DeliveryAction.of(build);
        build.save();

        assertThat(delivered(steps.reload(build))).containsOnlyKeys("Service1", "Service2");
    }

    @Test
    void theWaitingStageFollowsTheChangeOfTheBuildThatItRestarts() throws Exception {
        committed(original);
        String sha = repository.tip("auto");
        TestRun build = restarted(original);

        StepHarness.Started wait = steps.start(build, "waitForCiAndMerge", Map.of());
        report(sha, "success");

        assertThat(wait.result()).contains(entry("outcome", "merged"), entry("sha", sha));
        assertThat(wait.log()).contains(" is one of #2, which this build restarts.");
        assertThat(DeliveryAction.of(build).getChanges())
                .singleElement()
                .satisfies(change -> assertThat(change.getState()).isEqualTo("merged"));
    }

    @Test
    void itsOwnChangeIsFollowedWhereItMadeOne() throws Exception {
        committed(original);
        TestRun build = restarted(original);
        record(build, "Service1", ConfigRepoFixture.OTHER_DIGEST);
        committed(build);
        String sha = repository.tip("auto");

        StepHarness.Started wait = steps.start(build, "waitForCiAndMerge", Map.of());
        report(sha, "success");

        assertThat(wait.result()).containsEntry("sha", sha);
        assertThat(wait.log()).doesNotContain("which this build restarts");
    }

    @Test
    void theRolloutStageAwaitsTheCommitOfTheBuildThatItRestarts() throws Exception {
        committed(original);
        merge(original);
        String sha = repository.tip("master");
        TestRun build = restarted(original);

        StepHarness.Started wait = steps.start(build, "awaitArgoSync", Map.of("wave", "staging"));
        argo.server.settle();

        assertThat(wait.result()).containsEntry("revision", sha);
        assertThat(wait.log()).contains(" is one of #2, which this build restarts.");
    }

    @Test
    void anOriginalThatDidNothingStandsForNothing() throws Exception {
        TestRun build = restarted(steps.build("app"));

        assertThatThrownBy(() -> steps.run(build, "commitConfig", Map.of("wave", "staging")))
                .hasMessageContaining("commitConfig has no images to write");
    }

    @Test
    void anOriginalThatIsGoneStandsForNothing() throws Exception {
        Cause cause = mock(RestartDeclarativePipelineCause.class);
        TestRun build = started(cause);

        assertThatThrownBy(() -> steps.run(build, "waitForCiAndMerge", Map.of()))
                .hasMessageContaining("This build has committed nothing");
    }
}
