package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.FilePath;
import hudson.diagnosis.OldDataMonitor;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.File;
import java.io.OutputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/**
 * Builds that an earlier version of the plugin left waiting go on with this one. What that version saved lies in {@code
 * written/1/waiting-builds.zip}: the jobs with their builds, and the config repository as a bundle. With {@code
 * -Dwaiting-builds=FILE} this version writes such a file.
 */
class UpgradeITest {

    private static final String FIXTURE = "/written/1/waiting-builds.zip";

    private static final String SAVED =
            "jobs/**,org.jenkinsci.plugins.workflow.flow.FlowExecutionList.xml,cfg-app.bundle";

    /** In this order, since each but the last has its change merged before it waits. */
    private static final List<WaitFixture.Wait> WAITS =
            List.of(WaitFixture.Wait.PROMOTION, WaitFixture.Wait.ROLLOUT, WaitFixture.Wait.VERDICT);

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    private Path folder;

    private WaitFixture waits;

    @BeforeEach
    void begin() {
        waits = new WaitFixture(folder);
    }

    @AfterEach
    void end() {
        waits.close();
    }

    @Test
    void buildsOfAnEarlierVersionGoOn() throws Throwable {
        FilePath home = new FilePath(sessions.getHome());
        URL fixture = Objects.requireNonNull(getClass().getResource(FIXTURE));
        home.unzipFrom(fixture.openStream());
        GitCli.run(
                waits.delivery.bare(),
                "fetch",
                "-q",
                home.child("cfg-app.bundle").getRemote(),
                "+refs/*:refs/*");

        sessions.then(jenkins -> {
            waits.configure();
            for (WaitFixture.Wait wait : WAITS) {
                WorkflowRun run = jenkins.jenkins
                        .getItemByFullName(wait.toString(), WorkflowJob.class)
                        .getBuildByNumber(1);
                waits.completes(jenkins, run);
            }
            assertThat(jenkins.jenkins
                            .getExtensionList(OldDataMonitor.class)
                            .get(0)
                            .getData())
                    .isEmpty();
        });
    }

    @Test
    void writesBuildsThatWait() throws Throwable {
        String file = System.getProperty("waiting-builds");
        assumeTrue(file != null, "nothing is to be written");
        sessions.then(jenkins -> {
            waits.configure();
            for (WaitFixture.Wait wait : WAITS) {
                String script = waits.script(wait).replace("ervice1", "ervice-" + wait.ordinal());
                waits.startWaiting(jenkins, DeliveryFixture.job(jenkins, wait.toString(), script), wait);
            }
        });
        File home = sessions.getHome();
        GitCli.run(waits.delivery.bare(), "bundle", "create", "-q", home + "/cfg-app.bundle", "--all");
        try (OutputStream out = Files.newOutputStream(Path.of(file))) {
            new FilePath(home).zip(out, SAVED);
        }
        assertThat(Path.of(file)).isNotEmptyFile();
    }
}
