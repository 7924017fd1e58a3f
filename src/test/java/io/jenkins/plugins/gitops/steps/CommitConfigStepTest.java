package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import hudson.AbortException;
import hudson.model.Result;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitConfigStepTest extends DeliveryStepTestBase {

    private static final String APP_SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";

    private static Map<String, Object> toStaging() {
        return Map.of("wave", "staging", "images", ConfigRepoFixture.images("Service1", ConfigRepoFixture.DIGEST));
    }

    @Test
    void commitsWhatIsPassedWithItsTrailers() throws Exception {
        steps.with("GIT_COMMIT", APP_SHA);
        TestRun run = steps.build("acme/app");

        var committed = steps.start(run, "commitConfig", toStaging());

        assertThat(committed.result())
                .contains(
                        entry("sha", repository.tip("auto")),
                        entry("changed", true),
                        entry("superseded", false),
                        entry("id", repository.trailer("auto", "Autocommit-Id")));
        assertThat(repository.trailer("auto", "Autocommit-App-SHA")).isEqualTo(APP_SHA);
        assertThat(repository.trailer("auto", "Autocommit-Order")).isEqualTo("acme/app#1");
        assertThat(repository.trailer("auto", "Autocommit-Build")).endsWith("/job/acme/job/app/1/");
        assertThat(repository.show("auto", "images/staging/digests.json")).contains(ConfigRepoFixture.DIGEST);
        assertThat(committed.log()).contains("Committed change");
        assertThat(DeliveryAction.of(run).getChanges())
                .singleElement()
                .satisfies(change -> assertThat(change.getState()).isEqualTo("queued"));
    }

    @Test
    void replacesTheSetWhereTheRepositorySaysSo() throws Exception {
        RepositoryDefinition configured = repository.definition();
        configured.setAnnouncements("replace");
        steps.configure(configured);
        steps.start(steps.build("app"), "commitConfig", toStaging()).result();

        steps.start(
                        steps.build("app"),
                        "commitConfig",
                        Map.of("images", ConfigRepoFixture.images("Service2", ConfigRepoFixture.DIGEST)))
                .result();

        assertThat(repository.trailer("auto", "Autocommit-Operation")).isEqualTo("replace");
        assertThat(repository.show("auto", "images/staging/digests.json"))
                .contains("Service2")
                .doesNotContain("Service1");
    }

    @Test
    void replacesTheSetsThatTheRepositoryNamesAndNoOthers() throws Exception {
        RepositoryDefinition configured = repository.definition();
        configured.setImageSets(List.of("shop", "blog"));
        configured.setReplacedSets(List.of("blog"));
        steps.configure(configured);

        for (String set : List.of("shop", "blog")) {
            for (String service : List.of("Service1", "Service2")) {
                steps.start(
                                steps.build("app"),
                                "commitConfig",
                                Map.of(
                                        "set",
                                        set,
                                        "images",
                                        ConfigRepoFixture.images(service, ConfigRepoFixture.DIGEST)))
                        .result();
            }
        }

        assertThat(repository.show("auto", "images/staging/shop/digests.json")).contains("Service1", "Service2");
        assertThat(repository.show("auto", "images/staging/blog/digests.json"))
                .contains("Service2")
                .doesNotContain("Service1");
    }

    @Test
    void namesTheCommitsThatAreMergedWithIt() throws Exception {
        String blob = GitCli.run(Map.of(), "replicas: 7", repository.bare(), "hash-object", "-w", "--stdin");
        String tree = GitCli.run(
                Map.of(),
                GitCli.run(repository.bare(), "ls-tree", "master") + "100644 blob " + blob.strip() + "\tscale.yaml\n",
                repository.bare(),
                "mktree");
        String byHand = GitCli.run(
                        Map.of("GIT_AUTHOR_NAME", "Jane\u202eDoe"),
                        repository.bare(),
                        "commit-tree",
                        "-p",
                        "master",
                        "-m",
                        "Scale staging\n\nby hand",
                        tree.strip())
                .strip();
        GitCli.run(repository.bare(), "update-ref", "refs/heads/auto", byHand);

        var committed = steps.start(steps.build("app"), "commitConfig", toStaging());

        assertThat(committed.result()).containsEntry("changed", true);
        assertThat(committed.log())
                .contains("merged before it or with it")
                .contains(byHand.substring(0, 10) + " \"Scale staging\" by Jane Doe");
        var next = steps.start(
                steps.build("app"),
                "commitConfig",
                Map.of("wave", "staging", "images", ConfigRepoFixture.images("b", ConfigRepoFixture.OTHER_DIGEST)));
        assertThat(next.result()).containsEntry("changed", true);
        assertThat(next.log())
                .contains(byHand.substring(0, 10))
                .contains(repository.tip("auto~1").substring(0, 10) + " \"chore: update");
    }

    @Test
    void writesTheSetThatIsNamed() throws Exception {
        RepositoryDefinition configured = repository.definition();
        configured.setImageSets(List.of("shop\nblog"));
        steps.configure(configured);
        assertRefused(toStaging(), "Say set:", "shop, blog");
        TestRun run = steps.build("app");
        Map<String, Object> arguments = new HashMap<>(toStaging());
        arguments.put("set", "shop");

        var committed = steps.start(run, "commitConfig", arguments);

        assertThat(committed.result()).containsEntry("changed", true);
        assertThat(repository.show("auto", "images/staging/shop/digests.json")).contains(ConfigRepoFixture.DIGEST);
        assertThat(repository.trailer("auto", "Autocommit-Set")).isEqualTo("shop");
        assertThat(committed.log()).contains("to staging/shop of cfg-app");
    }

    @Test
    void keepsWhatTheCommitDoesToTheImages() throws Exception {
        TestRun run = steps.build("app");

        steps.run(run, "commitConfig", toStaging());

        await().untilAsserted(() -> assertThat(
                        DeliveryAction.of(run).getChanges().get(0).getImages())
                .singleElement()
                .satisfies(image -> {
                    assertThat(image.getService()).isEqualTo("Service1");
                    assertThat(image.getDigest()).endsWith(ConfigRepoFixture.DIGEST);
                    assertThat(image.isAdded()).isTrue();
                }));
    }

    @Test
    void takesJsonText() throws Exception {
        String json = """
            {"Service1": {"Tag": "docker.example.com/service1:1", "Digest": "docker.example.com/service1@%s"}}\
            """.formatted(ConfigRepoFixture.DIGEST);

        steps.run(steps.build("app"), "commitConfig", Map.of("wave", "staging", "images", json));

        assertThat(repository.show("auto", "images/staging/tags.json")).contains("docker.example.com/service1:1");
    }

    @Test
    void takesEverythingThatWasRecorded() throws Exception {
        TestRun run = steps.build("app");
        for (String service : List.of("Service1", "Service2")) {
            steps.run(
                    run,
                    "recordImage",
                    Map.of(
                            "service",
                            service,
                            "image",
                            "docker.example.com/" + service.toLowerCase(Locale.ROOT),
                            "tag",
                            "1",
                            "digest",
                            ConfigRepoFixture.DIGEST));
        }

        steps.run(run, "commitConfig", Map.of());

        assertThat(repository.show("auto", "images/staging/digests.json")).contains("Service1", "Service2");
    }

    @Test
    void savesTheIdBeforeAnythingIsPushed() throws Exception {
        var commit = steps.prepare(steps.build("app"), "commitConfig", toStaging());
        commit.context().holdSaves();
        commit.begin();

        assertThat(commit.context().saves()).isOne();
        assertThat(repository.hasBranch("auto")).isFalse();
        commit.context().releaseSaves();

        assertThat(commit.result()).containsEntry("changed", true);
    }

    @Test
    void commitsNothingThatCouldNotBeSaved() throws Exception {
        var commit = steps.prepare(steps.build("app"), "commitConfig", toStaging());
        commit.context().holdSaves();
        commit.begin();
        commit.context().failSaves(new IOException("disk full"));

        assertThatThrownBy(commit::end)
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContaining("nothing was committed");
    }

    @Test
    void asksForTheSameChangeWhenResumedBeforeThePush() throws Exception {
        var commit = steps.prepare(steps.build("app"), "commitConfig", toStaging());
        commit.context().holdSaves();
        commit.begin();

        commit.restart();

        assertThat(commit.result()).containsEntry("id", repository.trailer("auto", "Autocommit-Id"));
        assertThat(repository.queued()).isOne();
    }

    @Test
    void commitsOnceWhenResumedAfterThePush() throws Exception {
        var commit = steps.start(steps.build("app"), "commitConfig", toStaging());
        byte[] saved = commit.save();
        Map<String, Object> first = commit.result();

        commit.resume(saved);

        assertThat(commit.result()).isEqualTo(first);
        assertThat(repository.queued()).isOne();
    }

    @Test
    void commitsOnceWhenKilledDuringThePush() throws Exception {
        try (GitHttpServer server =
                GitHttpServer.start(Files.createDirectory(folder.resolve("served")), "bot", "secret")) {
            ConfigRepoFixture served = new ConfigRepoFixture(server.create("cfg-app.git", "master"));
            TestCredentials.add("git", "bot", "secret");
            RepositoryDefinition configured = ConfigRepoFixture.definition(server.url("cfg-app.git"));
            configured.setCredentialsId("git");
            steps.configure(configured);
            CountDownLatch arrived = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            // The first push makes the auto branch, the second brings the change.
            server.beforeNextPush(() -> server.beforeNextPush(() -> {
                arrived.countDown();
                awaitQuietly(goOn);
            }));
            var commit = steps.start(steps.build("app"), "commitConfig", toStaging());
            arrived.await();

            commit.restart();
            goOn.countDown();

            assertThat(commit.result()).containsEntry("id", served.trailer("auto", "Autocommit-Id"));
            assertThat(served.queued()).isOne();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void abortsAtOnceAndEndsOnce() throws Exception {
        var commit = steps.prepare(steps.build("app"), "commitConfig", toStaging());
        commit.context().holdSaves();
        commit.begin();

        commit.abort();
        commit.abort();
        commit.context().releaseSaves();

        assertThatThrownBy(commit::end).isInstanceOf(FlowInterruptedException.class);
        assertThat(commit.context().completions()).isOne();
        assertThat(repository.hasBranch("auto")).isFalse();
    }

    @Test
    void saysThatMainHasItAlready() throws Exception {
        steps.run(steps.build("app"), "commitConfig", toStaging());
        report(repository.tip("auto"), "success");
        await().until(() -> repository.queued() == 0);

        var again = steps.start(steps.build("app"), "commitConfig", toStaging());

        assertThat(again.result()).contains(entry("changed", false), entry("sha", repository.tip("master")));
        assertThat(again.log()).contains("Nothing to commit");
    }

    @Test
    void refusesAWaveThatIsPromotedTo() {
        assertRefused(
                Map.of("wave", "production", "images", ConfigRepoFixture.images("Service1", ConfigRepoFixture.DIGEST)),
                "production",
                "directCommits");
    }

    @Test
    void commitsToAWaveThatIsPromotedToWhereItTakesDirectCommits() throws Exception {
        var production = new WaveDefinition("production");
        production.setPromotesFrom("staging");
        production.setDirectCommits(true);
        RepositoryDefinition configured = repository.definition();
        configured.setWaves(List.of(new WaveDefinition("staging"), production));
        steps.configure(configured);

        var committed = steps.start(
                steps.build("app"),
                "commitConfig",
                Map.of("wave", "production", "images", ConfigRepoFixture.images("Service1", ConfigRepoFixture.DIGEST)));

        assertThat(committed.result()).containsEntry("changed", true);
        assertThat(repository.show("auto", "images/production/digests.json")).contains(ConfigRepoFixture.DIGEST);
    }

    @Test
    void refusesJobsThatAreNotAllowed() throws Exception {
        RepositoryDefinition configured = repository.definition();
        configured.setAllowedJobs(List.of("acme/**"));
        WaveDefinition staging = new WaveDefinition("staging");
        staging.setAllowedJobs(List.of("acme/app"));
        configured.setWaves(List.of(staging));
        steps.configure(configured);

        assertThatThrownBy(() -> steps.run(steps.build("other"), "commitConfig", toStaging()))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll("other", "cfg-app", "allowedJobs");
        assertThatThrownBy(() -> steps.run(steps.build("acme/tool"), "commitConfig", toStaging()))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll("acme/tool", "staging", "allowedJobs");
        assertThat(steps.run(steps.build("acme/app"), "commitConfig", toStaging()))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7d10434", "HEAD", "7D1043473D55BFA90E8530D35801D4E381BC69F0"})
    void refusesAnAppShaThatIsNotFull(String sha) {
        assertRefused(
                Map.of("appSha", sha, "images", ConfigRepoFixture.images("Service1", ConfigRepoFixture.DIGEST)),
                sha,
                "40 hexadecimal digits");
    }

    @Test
    void refusesWhatItCannotRead() {
        assertRefused(Map.of("images", "{"), "JSON");
        assertRefused(Map.of("images", Map.of("Service1", Map.of("Tag", "docker.example.com/service1:1"))), "Service1");
        assertRefused(Map.of("images", 17), "map or as JSON");
        assertRefused(Map.of(), "recordImage");
        assertRefused(Map.of("repo", "cfg-other"), "cfg-other", "cfg-app");
        assertRefused(Map.of("wave", "moon"), "moon", "staging");
        assertRefused(Map.of("set", "other"), "no image set \"other\"", "leave set: out");
    }

    @Test
    void refusesParametersThatItDoesNotKnow() {
        assertThatThrownBy(() -> steps.run(steps.build("app"), "commitConfig", Map.of("dry", true)))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll("commitConfig", "\"dry\"", "dryRun", "wave");
    }

    @Test
    void endsInOneSentenceWhenTheRepositoryCannotBeReached() throws Exception {
        steps.configure(ConfigRepoFixture.definition(
                folder.resolve("nowhere.git").toUri().toString()));

        assertRefused(toStaging(), "nowhere.git");
    }

    @Test
    void endsInOneSentenceWhenThereAreNoCredentials() throws Exception {
        RepositoryDefinition configured = repository.definition();
        configured.setCredentialsId("absent");
        steps.configure(configured);

        assertRefused(toStaging(), "absent", "credentialsId");
    }

    @Test
    void endsInOneSentenceOnAWrongPasswordAndNeverShowsIt() throws Exception {
        try (GitHttpServer server =
                GitHttpServer.start(Files.createDirectory(folder.resolve("served")), "bot", "right")) {
            ConfigRepoFixture served = new ConfigRepoFixture(server.create("cfg-app.git", "master"));
            TestCredentials.add("git", "bot", "wrong-password");
            RepositoryDefinition configured = ConfigRepoFixture.definition(server.url("cfg-app.git"));
            configured.setCredentialsId("git");
            steps.configure(configured);
            TestRun run = steps.build("app");
            var commit = steps.start(run, "commitConfig", toStaging());

            assertThatThrownBy(commit::end)
                    .isExactlyInstanceOf(AbortException.class)
                    .hasMessageContaining("refused access")
                    .hasMessageNotContaining("wrong-password");
            assertThat(commit.log()).doesNotContain("wrong-password");
            assertThat(served.hasBranch("auto")).isFalse();
            run.end(Result.FAILURE);
        }
    }

    private void assertRefused(Map<String, Object> arguments, String... words) {
        assertThatThrownBy(() -> steps.run(steps.build("app"), "commitConfig", arguments))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll(words)
                .hasMessageNotContaining("Exception");
        assertThat(repository.hasBranch("auto") && repository.queued() > 0).isFalse();
    }
}
