package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.google.common.util.concurrent.Uninterruptibles;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.Test;

/** What builds say that are under way when the configuration changes. */
class ConfigurationInFlightTest extends DeliveryStepTestBase {

    private static final Map<String, Object> STAGING =
            Map.of("wave", "staging", "images", ConfigRepoFixture.images("Service1", ConfigRepoFixture.DIGEST));

    private static RepositoryDefinition renamed(RepositoryDefinition repository, String name) {
        var renamed = new RepositoryDefinition(name, repository.getUrl());
        renamed.setAllowInsecure(true);
        renamed.setAllJobs(true);
        renamed.setChecks(repository.getChecks());
        renamed.setRequiredChecks(repository.getRequiredChecks());
        return renamed;
    }

    @Test
    void whereItIsInstalledIntoARunningJenkinsItDrivesAtOnce() {
        Path uptime = Jenkins.get().getRootDir().toPath().resolve("gitops-waves/uptime.json");
        assertThat(uptime).doesNotExist();

        DriverRegistry.Lifecycle.installed();

        assertThat(uptime).exists();
    }

    @Test
    void aBuildWhoseRepositoryIsRenamedSaysSoAndGoesOnWhenItIsBack() throws Exception {
        TestRun build = steps.build("app");
        steps.run(build, "commitConfig", STAGING);
        var wait = steps.start(build, "waitForCiAndMerge", Map.of());
        await().until(() -> wait.log().contains("Change "));

        GitOpsWavesConfiguration.get().setRepositories(List.of(renamed(repository.definition(), "other")));
        await().until(() -> wait.log().contains("There is no config repository \"cfg-app\""));
        assertThat(wait.status()).contains("If it was renamed");
        assertThatThrownBy(() -> steps.run(steps.build("app"), "commitConfig", Map.of("repo", "cfg-app")))
                .hasMessageContaining("There is no config repository \"cfg-app\"; repo: takes one of: other.");

        GitOpsWavesConfiguration.get().setRepositories(List.of(repository.definition()));
        report(repository.tip("auto"), "success");
        assertThat(wait.result()).containsEntry("outcome", "merged");
    }

    @Test
    void aBuildWhoseRepositoryIsRemovedSaysSo() throws Exception {
        TestRun build = steps.build("app");
        steps.run(build, "commitConfig", STAGING);
        var wait = steps.start(build, "waitForCiAndMerge", Map.of());
        await().until(() -> wait.log().contains("Change "));

        GitOpsWavesConfiguration.get().setRepositories(List.of());

        await().until(() -> wait.log().contains("Nothing is known of the config repository \"cfg-app\""));
        wait.abort();
    }

    @Test
    void aBuildWhoseWaveIsRemovedSaysSo() throws Exception {
        RepositoryDefinition configured = repository.definition();
        steps.configure(configured);
        TestRun build = steps.build("app");
        try (ArgoCdFixture argo =
                new ArgoCdFixture(Files.createDirectories(folder.resolve("argocd")), repository.url())) {
            argo.configure(repository.definition());
            steps.run(build, "commitConfig", STAGING);
            var merged = steps.start(build, "waitForCiAndMerge", Map.of());
            report(repository.tip("auto"), "success");
            merged.end();
            var wait = steps.start(build, "awaitArgoSync", Map.of("wave", "staging"));
            await().until(() -> wait.log().contains("0 of 2 targets"));

            configured.setWaves(List.of(new WaveDefinition("first")));
            GitOpsWavesConfiguration.get().setRepositories(List.of(configured));

            await().until(() -> wait.log().contains("\"staging\""));
            wait.abort();
        }
    }

    @Test
    void aCredentialThatIsDeletedAfterSavingIsNamed() throws Exception {
        try (GitHttpServer server = GitHttpServer.start(folder, "bot", "a-long-password")) {
            var repository = new ConfigRepoFixture(server.create("cfg-app", "master"));
            TestCredentials.add("git", "bot", "a-long-password");
            RepositoryDefinition configured = ConfigRepoFixture.definition(server.url("cfg-app"));
            configured.setCredentialsId("git");
            configured.setPollInterval("1s");
            steps.configure(configured);
            TestRun build = steps.build("app");
            steps.run(build, "commitConfig", STAGING);
            var wait = steps.start(build, "waitForCiAndMerge", Map.of());
            await().until(() -> wait.log().contains("Change "));

            SystemCredentialsProvider.getInstance().getCredentials().clear();
            DriverRegistry.get().pollNow("cfg-app");
            await().until(() -> wait.log().contains("there are no credentials \"git\""));

            TestCredentials.add("git", "bot", "a-long-password");
            report(repository.tip("auto"), "success");
            assertThat(wait.result()).containsEntry("outcome", "merged");
        }
    }

    /** Found by damaging clones: an exception of one driver kept all others from starting. */
    @Test
    void aCloneThatCannotBeOpenedKeepsNoDriverFromStarting() throws Exception {
        Path clones = Jenkins.get().getRootDir().toPath().resolve("gitops-waves");
        for (String name : List.of("first", "last")) {
            Files.createDirectories(clones.resolve(name + ".git/refs/heads"));
            Files.writeString(clones.resolve(name + ".git/refs/heads/main"), "left over");
        }
        RepositoryDefinition configured = repository.definition();
        GitOpsWavesConfiguration.get()
                .setRepositories(List.of(renamed(configured, "first"), configured, renamed(configured, "last")));

        new DriverRegistry.Lifecycle().onLoaded();

        for (String name : List.of("first", configured.getName(), "last")) {
            await().until(() -> DriverRegistry.get().state(name).isPresent());
            assertThat(DriverRegistry.get().trouble(name)).isEmpty();
        }
    }

    /** As a damaged file of settings can have it, since Jenkins leaves out what it cannot read. */
    @Test
    void settingsThatCannotBeUsedKeepNoDriverFromStarting() throws Exception {
        RepositoryDefinition configured = repository.definition();
        RepositoryDefinition first = renamed(configured, "first");
        RepositoryDefinition last = renamed(configured, "last");
        GitOpsWavesConfiguration.get().setRepositories(List.of(first, configured, last));
        first.setWaves(Collections.singletonList(null));
        last.setWaves(Collections.singletonList(null));

        new DriverRegistry.Lifecycle().onLoaded();

        await().until(() -> DriverRegistry.get().state(configured.getName()).isPresent());
    }

    @Test
    void aDriverThatIsReplacedInAPushEndsItBeforeTheNextOneOpensTheClone() throws Exception {
        var asked = new CountDownLatch(1);
        var answers = new CountDownLatch(1);
        var clock = new ManualClock();
        DriverRegistry.get().setClock(clock);
        try (GitHttpServer server = GitHttpServer.start(folder, "bot", "a-long-password")) {
            repository = new ConfigRepoFixture(server.create("cfg-app", "master"));
            TestCredentials.add("git", "bot", "a-long-password");
            RepositoryDefinition configured = ConfigRepoFixture.definition(server.url("cfg-app"));
            configured.setCredentialsId("git");
            steps.configure(configured);
            TestRun build = steps.build("app");
            steps.run(build, "commitConfig", STAGING);
            server.beforeNextPush(() -> {
                asked.countDown();
                Uninterruptibles.awaitUninterruptibly(answers);
            });
            steps.start(
                    steps.build("acme/cfg-app"),
                    "reportCiStatus",
                    Map.of("sha", repository.tip("auto"), "context", ConfigRepoFixture.CHECK, "state", "success"));
            asked.await();

            configured.setPollInterval("1s");
            GitOpsWavesConfiguration.get().setRepositories(List.of(configured));
            Path clone = Jenkins.get().getRootDir().toPath().resolve("gitops-waves/cfg-app.git");
            Path lock = Files.createFile(clone.resolve("refs/made-up.lock"));
            DriverRegistry.get().pollNow("cfg-app");
            var wait = steps.start(build, "waitForCiAndMerge", Map.of());
            assertThat(DriverRegistry.get().state("cfg-app")).isEmpty();
            clock.turn(Duration.ofSeconds(10));
            assertThat(DriverRegistry.get().trouble("cfg-app").orElseThrow())
                    .startsWith("The driver waits for ")
                    .endsWith(": push.");
            assertThat(lock)
                    .as("who opens a clone removes the locks of dead processes")
                    .exists();

            answers.countDown();
            assertThat(wait.result()).containsEntry("outcome", "merged");
            assertThat(lock).doesNotExist();
        }
    }
}
