package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A repository is driven, and its builds go on, whatever agents and servers of others are stuck. */
class IsolationTest extends DeliveryStepTestBase {

    private static final Map<String, Object> READS_A_FILE = Map.of(
            "service", "Service1",
            "image", "docker.example.com/service1",
            "tag", "1",
            "metadataFile", "metadata.json");

    private final List<ServerSocket> servers = new ArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger reading = new AtomicInteger();

    @AfterEach
    void release() throws IOException {
        released.countDown();
        for (ServerSocket server : servers) {
            server.close();
        }
    }

    /** A git server that accepts connections, and answers nothing. */
    private RepositoryDefinition silent(String name) throws IOException {
        var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        servers.add(server);
        RepositoryDefinition silent =
                ConfigRepoFixture.definition("http://127.0.0.1:" + server.getLocalPort() + "/" + name + ".git");
        var named = new RepositoryDefinition(name, silent.getUrl());
        named.setAllowInsecure(true);
        named.setAllJobs(true);
        named.setChecks(silent.getChecks());
        named.setRequiredChecks(silent.getRequiredChecks());
        return named;
    }

    /** The workspace of an agent that never answers, and takes no notice of interrupts. */
    private FilePath silentWorkspace() {
        return mock(FilePath.class, call -> {
            if (call.getMethod().getReturnType() == FilePath.class) {
                return call.getMock();
            }
            assertThat(Thread.currentThread().getName()).startsWith("GitOps Waves call");
            reading.incrementAndGet();
            while (released.getCount() > 0) {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    // As reading a pipe takes no notice.
                }
            }
            throw new IOException("the agent is gone");
        });
    }

    @Test
    void stuckAgentsAndGitServersDelayNoOtherRepository() throws Exception {
        var all = new ArrayList<RepositoryDefinition>();
        for (int i = 0; i < 3; i++) {
            all.add(silent("silent-" + i));
        }
        all.add(repository.definition());
        steps.configure(all.toArray(RepositoryDefinition[]::new));
        new DriverRegistry.Lifecycle().onLoaded();
        steps.inWorkspace(silentWorkspace());
        for (int i = 0; i < 3; i++) {
            TestRun build = steps.build("stuck-" + i);
            for (int j = 0; j < 4; j++) {
                steps.start(build, "recordImage", READS_A_FILE);
            }
        }
        await().until(() -> reading.get() == 12);

        steps.inWorkspace(null);
        TestRun build = steps.build("app");
        steps.run(
                build,
                "commitConfig",
                Map.of("repo", "cfg-app", "images", ConfigRepoFixture.images("Service1", ConfigRepoFixture.DIGEST)));
        String sha = repository.tip("auto");
        var wait = steps.start(build, "waitForCiAndMerge", Map.of("repo", "cfg-app"));
        steps.run(
                steps.build("acme/cfg-app"),
                "reportCiStatus",
                Map.of("repo", "cfg-app", "sha", sha, "context", ConfigRepoFixture.CHECK, "state", "success"));

        assertThat(wait.result()).containsEntry("outcome", "merged");
    }

    @Test
    void anAbortOfAStuckStepFreesItsPlaceForTheNextOfTheBuild() throws Exception {
        steps.inWorkspace(silentWorkspace());
        TestRun build = steps.build("app");
        var stuck = new ArrayList<StepHarness.Started>();
        for (int i = 0; i < 4; i++) {
            stuck.add(steps.start(build, "recordImage", READS_A_FILE));
        }
        await().until(() -> reading.get() == 4);
        steps.in(folder.toFile());
        Path metadata = folder.resolve("metadata.json");
        Files.writeString(metadata, "{\"containerimage.digest\": \"" + ConfigRepoFixture.DIGEST + "\"}");
        var next = steps.start(build, "recordImage", READS_A_FILE);

        stuck.get(2).abort();

        assertThat(next.result()).containsEntry("changed", true);
        assertThatThrownBy(stuck.get(2)::end).isInstanceOf(Exception.class);
    }

    @Test
    void aPipeIsNotOpened() {
        make("mkfifo", folder.resolve("metadata.json"));
        steps.in(folder.toFile());

        assertThatThrownBy(() -> steps.run(steps.build("app"), "recordImage", READS_A_FILE))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessage("metadata.json is not a regular file but a folder or a device; name the file that the build"
                        + " writes.");
    }

    private static void make(String command, Path file) {
        try {
            assertThat(new ProcessBuilder(command, file.toString()).start().waitFor())
                    .isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
