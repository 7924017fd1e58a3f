package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Items;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;
import jenkins.model.JenkinsLocationConfiguration;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Folders of jobs that wait are renamed and moved, and the controller gets another URL. */
class RelocationITest {

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

    @ParameterizedTest
    @EnumSource
    void buildsWaitOnInFoldersThatAreRenamedAndMoved(WaitFixture.Wait wait) throws Throwable {
        sessions.then(jenkins -> {
            waits.configure();
            Folder team = jenkins.createProject(Folder.class, "team");
            WorkflowJob job = team.createProject(WorkflowJob.class, "app");
            job.setDefinition(new CpsFlowDefinition(waits.script(wait), true));
            WorkflowRun run = waits.startWaiting(jenkins, job, wait);

            team.renameTo("crew");
            Folder moved = Items.move(team, jenkins.createProject(Folder.class, "company"));

            assertThat(moved.getFullName()).isEqualTo("company/crew");
            assertThat(run.getParent().getFullName()).isEqualTo("company/crew/app");
        });
        sessions.then(jenkins -> {
            JenkinsLocationConfiguration.get().setUrl("http://renamed.example.com/ci/");
            WorkflowJob job = jenkins.jenkins.getItemByFullName("company/crew/app", WorkflowJob.class);
            waits.completes(jenkins, job.getBuildByNumber(1));
            job.setDefinition(new CpsFlowDefinition(
                    waits.script(WaitFixture.Wait.VERDICT).replace("tag: '1'", "tag: '9'"), true));
            waits.completes(jenkins, job.scheduleBuild2(0).waitForStart());
        });
        assertThat(trailer("Autocommit-Order"))
                .as("the job is the same wherever it is, so that its builds have one order")
                .startsWith("team/app#2");
        assertThat(trailer("Autocommit-Build"))
                .startsWith("http://renamed.example.com/ci/job/company/job/crew/job/app/2");
    }

    private String trailer(String key) {
        return GitCli.run(
                        waits.delivery.bare(), "log", "-1", "--format=%(trailers:key=" + key + ",valueonly)", "master")
                .strip();
    }
}
