package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Label;
import hudson.plugins.git.GitSCM;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.JenkinsJobCheckSource;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import jenkins.branch.BranchSource;
import jenkins.plugins.git.GitSCMSource;
import jenkins.plugins.git.traits.BranchDiscoveryTrait;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A multibranch job that builds the auto branch decides about its commits, without anybody asking in time. */
@WithJenkins
class JobChecksITest {

    @TempDir
    private Path folder;

    private WorkflowMultiBranchProject configure(JenkinsRule jenkins, String jenkinsfile) throws Exception {
        GitSCM.ALLOW_LOCAL_CHECKOUT = true;
        RepositoryDefinition repository = DeliveryFixture.create(folder).definition();
        commit(jenkinsfile);
        repository.setChecks(List.of(new JenkinsJobCheckSource("ci")));
        // Only the end of a run can be quick enough.
        repository.setPollInterval("1h");
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
        WorkflowMultiBranchProject ci = jenkins.createProject(WorkflowMultiBranchProject.class, "ci");
        GitSCMSource source = new GitSCMSource(bare().toUri().toString());
        source.setTraits(List.of(new BranchDiscoveryTrait()));
        ci.getSourcesList().add(new BranchSource(source));
        return ci;
    }

    private Path bare() {
        return folder.resolve("cfg-app.git");
    }

    private void commit(String jenkinsfile) {
        String blob = GitCli.run(Map.of(), jenkinsfile, bare(), "hash-object", "-w", "--stdin")
                .strip();
        String tree = GitCli.run(Map.of(), "100644 blob " + blob + "\tJenkinsfile\n", bare(), "mktree")
                .strip();
        String commit = GitCli.run(bare(), "commit-tree", tree, "-p", "master", "-m", "CI")
                .strip();
        GitCli.run(bare(), "update-ref", "refs/heads/master", commit);
    }

    private WorkflowRun delivering(JenkinsRule jenkins) throws Exception {
        WorkflowJob app = DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER);
        return DeliveryFixture.startWaiting(jenkins, app);
    }

    private static void index(JenkinsRule jenkins, WorkflowMultiBranchProject ci) {
        ci.scheduleBuild2(0);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> ci.getItem("auto") != null && ci.getItem("auto").getLastBuild() != null);
    }

    @Test
    void aRunThatSucceedsMerges(JenkinsRule jenkins) throws Exception {
        WorkflowMultiBranchProject ci = configure(jenkins, "echo 'well'");
        WorkflowRun delivery = delivering(jenkins);

        index(jenkins, ci);

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(delivery));
        assertThat(GitCli.run(bare(), "rev-parse", "master")).isEqualTo(GitCli.run(bare(), "rev-parse", "auto"));
        assertThat(jenkins.getLog(delivery)).contains("true merged 1");
    }

    @Test
    void aRunThatFailsEvicts(JenkinsRule jenkins) throws Exception {
        WorkflowMultiBranchProject ci = configure(jenkins, "if (env.BRANCH_NAME != 'master') { error 'no' }");
        WorkflowRun delivery = delivering(jenkins);

        index(jenkins, ci);

        jenkins.waitForCompletion(delivery);
        assertThat(jenkins.getLog(delivery)).contains(DeliveryFixture.CHECK, "ci » auto #1");
        assertThat(GitCli.run(bare(), "rev-parse", "auto")).isEqualTo(GitCli.run(bare(), "rev-parse", "master"));
    }

    /** That is no fault of the change: the run is started again, once. */
    @Test
    void aRunThatLosesItsAgentIsStartedAgain(JenkinsRule jenkins) throws Exception {
        Path go = folder.resolve("go");
        WorkflowMultiBranchProject ci = configure(
                jenkins,
                "if (env.BRANCH_NAME == 'auto') { node('ci') { sh 'until test -e " + go + "; do sleep 0.1; done' } }");
        DumbSlave agent = jenkins.createOnlineSlave(Label.get("ci"));
        WorkflowRun delivery = delivering(jenkins);
        index(jenkins, ci);
        WorkflowRun lost = ci.getItem("auto").getLastBuild();
        jenkins.waitForMessage("+ test -e", lost);

        jenkins.jenkins.removeNode(agent);
        jenkins.waitForCompletion(lost);
        Files.createFile(go);
        jenkins.createOnlineSlave(Label.get("ci"));

        await().atMost(Duration.ofMinutes(2)).until(() -> !delivery.isBuilding());
        jenkins.assertBuildStatusSuccess(delivery);
        assertThat(ci.getItem("auto").getLastBuild().getNumber()).isEqualTo(lost.getNumber() + 1);
        jenkins.assertLogContains(
                "broke down without a verdict", ci.getItem("auto").getLastBuild());
    }
}
