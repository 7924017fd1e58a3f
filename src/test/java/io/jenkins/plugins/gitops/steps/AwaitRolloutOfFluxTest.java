package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.configuration.ClusterDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.flux.KubeconfigFixture;
import io.jenkins.plugins.gitops.world.FluxSimulator;
import io.jenkins.plugins.gitops.world.FluxSimulator.Resource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Waves whose targets are objects of Flux. */
class AwaitRolloutOfFluxTest extends DeliveryStepTestBase {

    private FluxSimulator cluster;
    private String before;
    private TestRun run;

    @BeforeEach
    void deliver() throws Exception {
        cluster = new FluxSimulator();
        TestCredentials.addSecret("flux-token", FluxSimulator.TOKEN);
        var definition = new ClusterDefinition("eu", cluster.url());
        definition.setAllowInsecure(true);
        definition.setCredentialsId("flux-token");
        GitOpsWavesConfiguration.get().setClusters(List.of(definition));
        var staging = new WaveDefinition("staging");
        staging.setFluxCluster("eu");
        staging.setKustomizations(List.of("apps"));
        var internal = new WaveDefinition("internal");
        internal.setPromotesFrom("staging");
        internal.setFluxCluster("eu");
        internal.setSelector("wave=internal");
        RepositoryDefinition configured = repository.definition();
        configured.setPollInterval("1s");
        configured.setWaves(List.of(staging, internal));
        GitOpsWavesConfiguration.get().setRepositories(List.of(configured));
        before = repository.tip("master");
        cluster.put(
                Resource.GIT_REPOSITORIES,
                "flux-system",
                "cfg-app",
                FluxSimulator.gitRepository(repository.url(), before).replace("\"main\"", "\"master\""));
        apps(before, before, "True", "ReconciliationSucceeded", "");
        run = committed("app", "Service1", ConfigRepoFixture.DIGEST);
        merge(run);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private void apps(String applied, String attempted, String ready, String reason, String message) {
        cluster.put(
                Resource.KUSTOMIZATIONS,
                "flux-system",
                "apps",
                FluxSimulator.kustomization(applied, attempted, ready, reason, message));
    }

    @Test
    void awaitRolloutSucceedsWhenFluxHasAppliedTheCommitAndItIsReady() throws Exception {
        String sha = repository.tip("master");
        var wait = steps.start(run, "awaitRollout", Map.of("wave", "staging", "sync", true));
        await().until(() -> wait.log().contains("apps: Flux is still at " + before.substring(0, 10)));
        await().until(() -> cluster.patches().size() == 2);
        assertThat(wait.log()).contains("asking Flux to synchronise apps");

        apps(before, sha, "Unknown", "Progressing", "waiting for Deployment/shop");
        apps(sha, sha, "True", "ReconciliationSucceeded", "Applied revision");

        assertThat(wait.result()).containsEntry("revision", sha).containsEntry("superseded", false);
        await().until(() -> repository.state("waves/staging.json").contains(sha));
    }

    @Test
    void aKubeconfigIsALoginToo() throws Exception {
        TestCredentials.addFile(
                "flux-kubeconfig",
                KubeconfigFixture.kubeconfig(cluster.url(), KubeconfigFixture.token(FluxSimulator.TOKEN)));
        var definition = new ClusterDefinition("eu", "");
        definition.setAllowInsecure(true);
        definition.setCredentialsId("flux-kubeconfig");
        GitOpsWavesConfiguration.get().setClusters(List.of(definition));
        String sha = repository.tip("master");

        var wait = steps.start(run, "awaitRollout", Map.of("wave", "staging"));
        apps(sha, sha, "True", "ReconciliationSucceeded", "Applied revision");

        assertThat(wait.result()).containsEntry("revision", sha);
    }

    @Test
    void aFailedHealthCheckFailsTheStep() throws Exception {
        String sha = repository.tip("master");
        var wait = steps.start(run, "awaitArgoSync", Map.of("wave", "staging", "degradedFor", "1s"));

        apps(before, sha, "False", "HealthCheckFailed", "timeout waiting for Deployment/shop");

        assertThatThrownBy(wait::result).hasMessageContaining("timeout waiting for Deployment/shop");
    }

    @Test
    void whatFluxRunsIsPromoted() throws Exception {
        String sha = repository.tip("master");
        apps(sha, sha, "True", "ReconciliationSucceeded", "");
        steps.run(run, "awaitRollout", Map.of("wave", "staging"));
        TestRun promotion = steps.build("promote");

        steps.run(promotion, "promoteWave", Map.of("from", "staging", "to", "internal", "wait", true));
        merge(promotion);
        String promoted = repository.tip("master");
        var wait = steps.start(promotion, "awaitRollout", Map.of("wave", "internal"));
        await().until(() -> wait.log().contains("Nothing in the cluster eu matches wave=internal"));
        cluster.put(
                Resource.KUSTOMIZATIONS,
                "flux-system",
                "internal",
                FluxSimulator.kustomization(promoted, promoted, "True", "ReconciliationSucceeded", "")
                        .replaceFirst("\\{", "{\"metadata\":{\"labels\":{\"wave\":\"internal\"}},"));

        assertThat(wait.result()).containsEntry("revision", promoted);
    }
}
