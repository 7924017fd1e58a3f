package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import io.jenkins.plugins.gitops.configuration.ConfigRepository;
import io.jenkins.plugins.gitops.configuration.Drivers;
import io.jenkins.plugins.gitops.configuration.GitOpsWaves;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What builds say that are under way when the configuration changes. */
@Tag("bench")
class ConfigurationInFlightTest {

    private static final Map<String, Object> STAGING =
            Map.of("wave", "staging", "images", BenchRepository.images("Service1", BenchRepository.DIGEST));

    @RegisterExtension
    private final StepBench bench = new StepBench();

    @TempDir
    private Path folder;

    private static ConfigRepository renamed(ConfigRepository repository, String name) {
        var renamed = new ConfigRepository(name, repository.getUrl());
        renamed.setAllowInsecure(true);
        renamed.setChecks(repository.getChecks());
        renamed.setRequiredChecks(repository.getRequiredChecks());
        return renamed;
    }

    @Test
    void aBuildWhoseRepositoryIsRenamedSaysSoAndGoesOnWhenItIsBack() throws Exception {
        BenchRepository repository = BenchRepository.onDisk(folder);
        bench.configure(repository.configured());
        BenchRun build = bench.build("app");
        bench.run(build, "commitConfig", STAGING);
        var wait = bench.start(build, "waitForCiAndMerge", Map.of());
        await().until(() -> wait.log().contains("Change "));

        GitOpsWaves.get().setRepositories(List.of(renamed(repository.configured(), "other")));
        await().until(() -> wait.log().contains("There is no config repository \"cfg-app\""));
        assertThat(wait.status()).contains("If it was renamed");
        assertThatThrownBy(() -> bench.run(bench.build("app"), "commitConfig", Map.of("repo", "cfg-app")))
                .hasMessageContaining("There is no config repository \"cfg-app\"; repo: takes one of: other.");

        GitOpsWaves.get().setRepositories(List.of(repository.configured()));
        BenchVerdicts.report(bench, repository.tip("auto"), "success");
        assertThat(wait.result()).containsEntry("outcome", "merged");
    }

    @Test
    void aBuildWhoseRepositoryIsRemovedSaysSo() throws Exception {
        BenchRepository repository = BenchRepository.onDisk(folder);
        bench.configure(repository.configured());
        BenchRun build = bench.build("app");
        bench.run(build, "commitConfig", STAGING);
        var wait = bench.start(build, "waitForCiAndMerge", Map.of());
        await().until(() -> wait.log().contains("Change "));

        GitOpsWaves.get().setRepositories(List.of());

        await().until(() -> wait.log().contains("Nothing is known of the config repository \"cfg-app\""));
        wait.abort();
    }

    @Test
    void aBuildWhoseWaveIsRemovedSaysSo() throws Exception {
        BenchRepository repository = BenchRepository.onDisk(folder);
        ConfigRepository configured = repository.configured();
        bench.configure(configured);
        BenchRun build = bench.build("app");
        try (BenchArgoCd argo = new BenchArgoCd(Files.createDirectories(folder.resolve("argocd")), repository)) {
            argo.configure(repository);
            bench.run(build, "commitConfig", STAGING);
            var merged = bench.start(build, "waitForCiAndMerge", Map.of());
            BenchVerdicts.report(bench, repository.tip("auto"), "success");
            merged.end();
            var wait = bench.start(build, "awaitArgoSync", Map.of("wave", "staging"));
            await().until(() -> wait.log().contains("0 of 2 targets"));

            configured.setWaves(List.of(new WaveDefinition("first")));
            GitOpsWaves.get().setRepositories(List.of(configured));

            await().until(() -> wait.log().contains("\"staging\""));
            wait.abort();
        }
    }

    @Test
    void aCredentialThatIsDeletedAfterSavingIsNamed() throws Exception {
        try (GitHttpServer server = GitHttpServer.start(folder, "bot", "a-long-password")) {
            var repository = new BenchRepository(server.create("cfg-app", "master"));
            BenchCredentials.add("git", "bot", "a-long-password");
            ConfigRepository configured = BenchRepository.configured(server.url("cfg-app"));
            configured.setCredentialsId("git");
            configured.setPollInterval("1s");
            bench.configure(configured);
            BenchRun build = bench.build("app");
            bench.run(build, "commitConfig", STAGING);
            var wait = bench.start(build, "waitForCiAndMerge", Map.of());
            await().until(() -> wait.log().contains("Change "));

            SystemCredentialsProvider.getInstance().getCredentials().clear();
            Drivers.get().lookNow("cfg-app");
            await().until(() -> wait.log().contains("there are no credentials \"git\""));

            BenchCredentials.add("git", "bot", "a-long-password");
            BenchVerdicts.report(bench, repository.tip("auto"), "success");
            assertThat(wait.result()).containsEntry("outcome", "merged");
        }
    }
}
