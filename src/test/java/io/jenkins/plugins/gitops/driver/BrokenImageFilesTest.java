package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.DriverRequest.CompareImages;
import io.jenkins.plugins.gitops.delivery.DriverRequest.FindDeliveries;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PrepareChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PreparePromotion;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PreviewChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PreviewPromotion;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionRequest.Kind;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.waves.ApprovalRule;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.VerificationRule;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Image files that somebody broke by hand keep only those waiting who need them. */
class BrokenImageFilesTest extends DriverTestBase {

    private Driver driver;
    private String deployed;

    @BeforeEach
    void begin() throws GitOpsException {
        var rule = new VerificationRule(
                "load", Optional.empty(), Duration.ofMinutes(1), 0, VerificationRule.OnFailure.ROLLBACK);
        driver = scene.driver(
                "jenkins",
                scene.settings(List.of(
                        Wave.named("staging")
                                .targets(new TargetSelection(DeployedApplications.SERVER, List.of("staging-1"), ""))
                                .gates(Gates.builder()
                                        .verifications(List.of(rule))
                                        .build())
                                .build(),
                        Wave.named("internal")
                                .promotesFrom("staging")
                                .targets(new TargetSelection(DeployedApplications.SERVER, List.of("internal-1"), ""))
                                .gates(Gates.builder()
                                        .soak(Duration.ofMinutes(30))
                                        .freeze(true)
                                        .approvals(new ApprovalRule(1, List.of("user:Ada"), true))
                                        .build())
                                .build(),
                        Wave.named("preview").build())));
        deployed = scene.announce(driver, "app#1", "api", "v1").sha();
        scene.report(driver, deployed, CheckState.SUCCESS);
        scene.applications.run(deployed, "staging-1");
        driver.round();
    }

    private void breakFilesOf(String wave) throws GitOpsException {
        scene.byHand("images/" + wave + "/tags.json", "{broken", "Break it");
        scene.applications.run(scene.main(), "staging-1");
        driver.round();
        scene.report(driver, scene.main(), CheckState.SUCCESS);
    }

    private NewChange announcement(String wave) {
        return new NewChange(
                RepositoryScene.trailers(ChangeOperation.ANNOUNCE, WavePath.of(wave), "app#9")
                        .build(),
                RepositoryScene.images("api", "v9"));
    }

    private static PromotionRequest of(Kind kind, String from, String to, String revision) {
        return PromotionRequest.of(kind, from, to).revision(revision).build();
    }

    private List<DriverRequest<?>> requests(String revision) {
        Instant now = scene.clock.instant();
        var requests = new ArrayList<DriverRequest<?>>();
        requests.add(new AppendChange(announcement("staging")));
        requests.add(new PrepareChange(announcement("staging")));
        requests.add(new PreviewChange(announcement("staging")));
        requests.add(new Promote(of(Kind.PROMOTE, "staging", "internal", null)));
        requests.add(new Promote(of(Kind.PROMOTE, "staging", "internal", revision)));
        requests.add(new PreviewPromotion(of(Kind.DRY_RUN, "staging", "internal", revision)));
        requests.add(new PreparePromotion(of(Kind.PROMOTE, "staging", "internal", revision)));
        requests.add(new FindDeliveries(WavePath.of("internal"), revision));
        requests.add(new ApplyStateCommand(new StateCommand.RejectRevision(revision, "it leaks", "Ada", now)));
        requests.add(new ApplyStateCommand(new StateCommand.ApproveSet(
                WavePath.of("internal"), revision, Optional.empty(), "Ada", "user:Ada", "", now)));
        for (String wave : List.of("staging", "internal")) {
            requests.add(new Promote(of(Kind.ROLLBACK, wave, wave, revision)));
            requests.add(new CompareImages(revision, WavePath.of(wave)));
            requests.add(new ApplyStateCommand(new StateCommand.ReportVerification(
                    WavePath.of(wave), "load", Optional.of(revision), false, "ci", "", "", now)));
        }
        return requests;
    }

    /** What went wrong when a request was made together with an announcement for another wave. */
    private Optional<String> asked(DriverRequest<?> request) {
        CompletableFuture<?> answer = driver.submit(request);
        CompletableFuture<SubmittedChange> other = driver.submit(new AppendChange(announcement("preview")));
        try {
            driver.round();
            return answer.isDone() && !other.get().id().isEmpty()
                    ? Optional.empty()
                    : Optional.of(request + " is not answered");
        } catch (RepoUnavailable | RuntimeException | InterruptedException | ExecutionException e) {
            driver.failAll(e);
            return Optional.of(request + ": " + e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"staging", "internal"})
    void theyFailWhatNeedsThemAndNothingElse(String wave) throws Exception {
        breakFilesOf(wave);
        var wrong = new ArrayList<String>();
        for (String revision : List.of(deployed, scene.main())) {
            for (DriverRequest<?> request : requests(revision)) {
                asked(request).ifPresent(wrong::add);
            }
        }

        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gone", "staging/gone"})
    void whatTheConfigurationHasNoLongerFailsNothingElse(String path) throws Exception {
        WavePath gone = WavePath.parse(path);

        assertThat(asked(new CompareImages(deployed, gone))).isEmpty();
        assertThat(asked(new FindDeliveries(gone, deployed))).isEmpty();
    }

    @Test
    void aPromotionIsToldWhichFileCannotBeRead() throws Exception {
        breakFilesOf("internal");

        assertThatThrownBy(() -> scene.answer(driver, new Promote(of(Kind.PROMOTE, "staging", "internal", deployed))))
                .hasCauseInstanceOf(RequestRefused.class)
                .hasMessageContainingAll("cannot be read: images/internal/tags.json is not valid JSON");
    }
}
