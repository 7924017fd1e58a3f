package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionRequest.Kind;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.util.List;

/** Two waves with one target each, on a repository of its own, and a driver whose clock a test turns. */
final class GatedScene {

    final RepositoryScene scene;
    Driver driver;

    GatedScene(RepositoryScene scene) {
        this.scene = scene;
    }

    /** Lets a driver begin with these gates. */
    void begin(Gates staging, Gates production) throws GitOpsException {
        driver = scene.driver(
                "jenkins-" + System.identityHashCode(staging),
                scene.settings(List.of(
                        Wave.named("staging")
                                .targets(target("staging-1"))
                                .gates(staging)
                                .build(),
                        Wave.named("production")
                                .promotesFrom("staging")
                                .targets(target("production-1"))
                                .gates(production)
                                .build())));
        driver.round();
    }

    private static TargetSelection target(String name) {
        return new TargetSelection(DeployedApplications.SERVER, List.of(name), "");
    }

    /** Delivers a version that staging then runs; returns its commit. */
    String deploy(String version) throws GitOpsException {
        SubmittedChange appended = scene.announce(driver, "app#" + version, "shop", version);
        scene.report(driver, appended.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(appended.sha());
        run(scene.main());
        return scene.main();
    }

    void run(String sha) throws GitOpsException {
        scene.applications.run(sha, "staging-1");
        driver.round();
    }

    PromotionResult promote() throws GitOpsException {
        return promote(null);
    }

    PromotionResult promote(String revision) throws GitOpsException {
        return scene.answer(
                driver,
                new Promote(PromotionRequest.of(Kind.PROMOTE, "staging", "production")
                        .revision(revision)
                        .build()));
    }

    String command(StateCommand command) throws GitOpsException {
        return scene.answer(driver, new ApplyStateCommand(command)).remark();
    }

    RepositoryState.WaveSnapshot wave(String name) throws IOException {
        return driver.state().orElseThrow().waves().stream()
                .filter(wave -> wave.path().wave().equals(name))
                .findFirst()
                .orElseThrow();
    }

    WaveState state(String wave) throws IOException {
        return wave(wave).state();
    }

    PromotionCondition condition(String name) throws IOException {
        return wave("production").live().orElseThrow().next().orElseThrow().conditions().stream()
                .filter(condition -> condition.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
