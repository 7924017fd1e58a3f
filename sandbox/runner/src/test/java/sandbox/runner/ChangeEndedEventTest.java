package sandbox.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.ExtensionList;
import hudson.model.Run;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.triggers.EndedChangeListener;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a build is told whose change ends after it, and what is started then. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChangeEndedEventTest {

    private static final Duration LONG = Duration.ofSeconds(120);

    private static final String COMMIT = """
            commitConfig(images: '{"api": {"Tag": "docker.example.com/api:%s", \
            "Digest": "docker.example.com/api@sha256:\
            6a9ca693f6fff83215c00b653bcf2106124705ad538dc509373523fdd6cefdb%s"}}')
            """;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final List<String> ended = new CopyOnWriteArrayList<>();
    private Path bare;
    private Sandbox sandbox;

    @BeforeEach
    void begin() throws Exception {
        bare = GitCli.createBare(folder.resolve("cfg-app.git"), "main");
        Path checkout = folder.resolve("checkout");
        GitCli.run(folder, "clone", "-q", bare.toString(), checkout.toString());
        Files.writeString(checkout.resolve("README.md"), "A config repository\n");
        GitCli.run(checkout, "add", "-A");
        GitCli.run(checkout, "commit", "-q", "-m", "Begin");
        GitCli.run(checkout, "push", "-q", "origin", "HEAD:refs/heads/main");
        sandbox = ConfigRepoSandbox.open(folder, bare, "pollInterval: 1s", "redGrace: 0s");
        ExtensionList.lookupSingleton(EndedChangeListener.class)
                .setStarter((repository, event) ->
                        ended.add(event.type() + " " + event.fact("build").orElse("")));
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    private Run<?, ?> build(String job, String jenkinsfile) {
        RunningBuild running = sandbox.start(new BuildRequest(job, jenkinsfile, null, Map.of(), Map.of()), log);
        assertThat(running.await().isSuccess())
                .as(() -> log.toString(StandardCharsets.UTF_8))
                .isTrue();
        return running.run();
    }

    private void report(String state) {
        String sha = GitCli.run(bare, "rev-parse", "auto").strip();
        build("ci", "reportCiStatus(sha: '" + sha + "', context: 'ci/check', state: '" + state + "')");
    }

    private static String state(Run<?, ?> build) {
        return DeliveryAction.of(build).getChanges().get(0).getState();
    }

    @Test
    void aBuildThatEndedIsToldHowItsChangeEnded() throws Exception {
        Run<?, ?> merged = build("app", COMMIT.formatted("1", "1"));
        report("success");

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(merged.getDescription())
                        .as(() -> log.toString(StandardCharsets.UTF_8))
                        .isEqualTo("The change for staging ended after this build: merged"));
        assertThat(state(merged)).isEqualTo("merged");

        Run<?, ?> evicted = build("app", COMMIT.formatted("2", "2"));
        evicted.setDescription("Release 7");
        report("failure");

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(evicted.getDescription())
                        .isEqualTo("Release 7\nThe change for staging ended after this build: evicted"));
        assertThat(state(evicted)).isEqualTo("evicted");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(ended)
                        .containsExactly(
                                "merged http://localhost:8080/job/app/1/", "evicted http://localhost:8080/job/app/2/"));
    }

    @Test
    void aBuildThatWaitedIsToldNothing() throws Exception {
        String waiting = COMMIT.formatted("1", "1") + "waitForCiAndMerge()\n";
        RunningBuild running = sandbox.start(new BuildRequest("app", waiting, null, Map.of(), Map.of()), log);
        await().atMost(LONG)
                .until(() -> GitCli.succeeds(bare, "rev-parse", "-q", "--verify", "refs/heads/auto")
                        && !GitCli.run(bare, "rev-list", "main..auto").isBlank());
        report("success");
        assertThat(running.await().isSuccess()).isTrue();
        Run<?, ?> second = build("app", COMMIT.formatted("2", "2"));
        report("success");

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(second.getDescription()).isNotNull());
        assertThat(running.run().getDescription()).isNull();
        assertThat(ended).containsExactly("merged http://localhost:8080/job/app/2/");
    }

    @Test
    void aBuildThatDidNotWaitIsToldWhenItEndsWhatEndedMeanwhile() throws Exception {
        Path go = folder.resolve("go");
        String working = COMMIT.formatted("1", "1") + "node { sh 'until test -e " + go + "; do sleep 0.1; done' }\n";
        Path workspace = Files.createDirectory(folder.resolve("workspace"));
        RunningBuild running = sandbox.start(new BuildRequest("app", working, workspace, Map.of(), Map.of()), log);
        await().atMost(LONG)
                .until(() -> GitCli.succeeds(bare, "rev-parse", "-q", "--verify", "refs/heads/auto")
                        && !GitCli.run(bare, "rev-list", "main..auto").isBlank());
        report("success");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(DriverRegistry.get().state("cfg-app"))
                        .hasValueSatisfying(state -> assertThat(state.history()).isNotEmpty()));
        assertThat(running.run().getDescription()).isNull();
        Files.createFile(go);
        assertThat(running.await().isSuccess()).isTrue();

        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(running.run().getDescription())
                                .isEqualTo(
                                        "The change for staging ended while this build ran, which did not wait for it: merged"));
        assertThat(state(running.run())).isEqualTo("merged");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(ended).containsExactly("merged http://localhost:8080/job/app/1/"));
    }
}
