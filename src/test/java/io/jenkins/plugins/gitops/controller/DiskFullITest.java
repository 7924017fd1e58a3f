package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LogRecorder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The disk of the clones is full for a while. It is a small file system of its own, which only root can mount. */
@WithJenkins
class DiskFullITest extends DeliveryITestBase {

    private static final Duration LONG = Duration.ofMinutes(2);

    private final LogRecorder log =
            new LogRecorder().record("io.jenkins.plugins.gitops", Level.WARNING).capture(100);

    private Path clones;
    private boolean mounted;

    private static boolean succeeds(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    @Override
    void configure() {
        clones = jenkins.jenkins.getRootDir().toPath().resolve("gitops-waves");
    }

    private void mountAndConfigure() throws Exception {
        Files.createDirectories(clones);
        mounted = succeeds("mount", "-t", "tmpfs", "-o", "size=2m", "none", clones.toString());
        assumeTrue(mounted, "this user may not mount");
        RepositoryDefinition repository = delivery.definition();
        repository.setPollInterval("1s");
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            GitOpsWavesConfiguration.get().setRepositories(List.of());
            assertThat(succeeds("umount", "-l", clones.toString())).isTrue();
        }
    }

    private Path fill() throws IOException {
        Path filler = clones.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] some = new byte[512];
            while (clones.toFile().getUsableSpace() > 0) {
                out.write(some);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
        return filler;
    }

    private static void awaitMessage(String message, WorkflowRun run) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(JenkinsRule.getLog(run)).contains(message));
    }

    @Test
    void buildsWaitUntilThereIsSpaceAgain() throws Exception {
        mountAndConfigure();
        WorkflowRun waiting =
                DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "waiting", DeliveryFixture.DELIVER));
        String queued = delivery.tip("auto");

        Path filler = fill();
        WorkflowRun committing = DeliveryFixture.job(
                        jenkins, "committing", DeliveryFixture.DELIVER.replace("Service1", "Service2"))
                .scheduleBuild2(0)
                .waitForStart();
        awaitMessage("No space left on device. Make room on its disk", committing);
        assertThat(waiting.isBuilding()).isTrue();
        assertThat(committing.isBuilding()).as(JenkinsRule.getLog(committing)).isTrue();
        assertThat(delivery.tip("auto")).isEqualTo(queued);
        Files.delete(filler);

        awaitMessage("which nobody has reported yet", committing);
        delivery.report(jenkins, "success");
        for (WorkflowRun run : List.of(waiting, committing)) {
            await().atMost(LONG).until(() -> !run.isBuilding());
            jenkins.assertBuildStatusSuccess(run);
            assertThat(JenkinsRule.getLog(run)).doesNotContain("Exception", "\tat ");
        }
        assertThat(log.getMessages()).as("the log of Jenkins is not flooded").hasSizeLessThan(20);
    }
}
