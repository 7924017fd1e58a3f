package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.jenkinsci.plugins.workflow.actions.ErrorAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LogRecorder;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/**
 * The disk of the whole {@code JENKINS_HOME} is full for a while. It is a file system of its own in memory, which only
 * root can mount.
 */
class HomeFullITest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private static final List<WaitFixture.Wait> WAITS =
            List.of(WaitFixture.Wait.PROMOTION, WaitFixture.Wait.ROLLOUT, WaitFixture.Wait.VERDICT);

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    private final LogRecorder log =
            new LogRecorder().record("io.jenkins.plugins.gitops", Level.WARNING).capture(1000);

    @TempDir
    private Path folder;

    private WaitFixture waits;
    private Path home;
    private boolean mounted;

    private static boolean succeeds(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    @BeforeEach
    void mount() throws Exception {
        waits = new WaitFixture(folder);
        home = sessions.getHome().toPath();
        mounted = succeeds("mount", "-t", "tmpfs", "-o", "size=600m", "none", home.toString());
        assumeTrue(mounted, "this user may not mount");
    }

    @AfterEach
    void unmount() throws Exception {
        waits.close();
        if (mounted) {
            assertThat(succeeds("umount", "-l", home.toString())).isTrue();
        }
    }

    private Path fill() throws IOException {
        Path filler = home.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            for (int size = 1 << 20; size > 0; size /= 2) {
                fill(out, size);
            }
        }
        return filler;
    }

    private static void fill(OutputStream out, int size) {
        byte[] some = new byte[size];
        try {
            while (true) {
                out.write(some);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private static WorkflowRun build(JenkinsRule jenkins, WaitFixture.Wait wait) {
        return jenkins.jenkins
                .getItemByFullName(wait.toString(), WorkflowJob.class)
                .getBuildByNumber(1);
    }

    private Map<WaitFixture.Wait, WorkflowRun> startWaiting(JenkinsRule jenkins) throws Exception {
        var builds = new LinkedHashMap<WaitFixture.Wait, WorkflowRun>();
        for (WaitFixture.Wait wait : WAITS) {
            String script = waits.script(wait)
                    .replace("'Service1'", "'" + wait.toString().toLowerCase() + "'");
            builds.put(wait, waits.startWaiting(jenkins, DeliveryFixture.job(jenkins, wait.toString(), script), wait));
        }
        return builds;
    }

    /** Why a build has failed, which its log may have no room for. */
    @CheckForNull
    private static Throwable cause(WorkflowRun run) {
        FlowExecution program = run.getExecution();
        ErrorAction error =
                program == null ? null : program.getCurrentHeads().get(0).getError();
        return error == null ? null : error.getError();
    }

    @Test
    void waitsGoOnOnceThereIsSpaceAgain() throws Throwable {
        sessions.then(jenkins -> {
            waits.configure();
            Map<WaitFixture.Wait, WorkflowRun> builds = startWaiting(jenkins);
            String queued = waits.delivery.tip("auto");

            Path filler = fill();
            waits.argo.server.settle();
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(DriverRegistry.get().trouble("cfg-app"))
                            .hasValueSatisfying(trouble -> assertThat(trouble).contains("No space left on device")));
            // What Argo CD says ends one wait, whose build does not go on where nothing of it can be saved.
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(log.getMessages())
                            .anyMatch(line -> line.contains("The step has ended, and the build goes on once")));
            for (WorkflowRun run : builds.values()) {
                await().during(Duration.ofSeconds(10))
                        .atMost(LONG)
                        .untilAsserted(() -> assertThat(run.isBuilding())
                                .as("%s: %s", run, cause(run))
                                .isTrue());
            }
            assertThat(waits.delivery.tip("auto")).isEqualTo(queued);
            Files.delete(filler);

            for (WorkflowRun run : builds.values()) {
                waits.completes(jenkins, run);
            }
        });
        sessions.then(jenkins -> {
            for (WaitFixture.Wait wait : WAITS) {
                jenkins.assertBuildStatusSuccess(build(jenkins, wait));
            }
            assertThat(log.getMessages())
                    .as("the log of Jenkins is not flooded")
                    .hasSizeLessThan(40);
        });
    }
}
