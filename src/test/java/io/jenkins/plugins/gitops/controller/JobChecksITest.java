package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.plugins.git.GitSCM;
import io.jenkins.plugins.gitops.configuration.ConfigRepository;
import io.jenkins.plugins.gitops.configuration.GitOpsWaves;
import io.jenkins.plugins.gitops.configuration.JenkinsJobChecks;
import io.jenkins.plugins.gitops.world.Git;
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
        ConfigRepository repository = Delivery.create(folder).repository();
        commit(jenkinsfile);
        repository.setChecks(List.of(new JenkinsJobChecks("ci")));
        // Only the end of a run can be quick enough.
        repository.setPollInterval("1h");
        GitOpsWaves.get().setRepositories(List.of(repository));
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
        String blob = Git.run(Map.of(), jenkinsfile, bare(), "hash-object", "-w", "--stdin")
                .strip();
        String tree = Git.run(Map.of(), "100644 blob " + blob + "\tJenkinsfile\n", bare(), "mktree")
                .strip();
        String commit =
                Git.run(bare(), "commit-tree", tree, "-p", "master", "-m", "CI").strip();
        Git.run(bare(), "update-ref", "refs/heads/master", commit);
    }

    private WorkflowRun delivering(JenkinsRule jenkins) throws Exception {
        WorkflowJob app = Delivery.job(jenkins, "app", Delivery.DELIVER);
        return Delivery.startWaiting(jenkins, app);
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
        assertThat(Git.run(bare(), "rev-parse", "master")).isEqualTo(Git.run(bare(), "rev-parse", "auto"));
        assertThat(jenkins.getLog(delivery)).contains("true merged 1");
    }

    @Test
    void aRunThatFailsEvicts(JenkinsRule jenkins) throws Exception {
        WorkflowMultiBranchProject ci = configure(jenkins, "if (env.BRANCH_NAME != 'master') { error 'no' }");
        WorkflowRun delivery = delivering(jenkins);

        index(jenkins, ci);

        jenkins.waitForCompletion(delivery);
        assertThat(jenkins.getLog(delivery)).contains(Delivery.CHECK, "ci » auto #1");
        assertThat(Git.run(bare(), "rev-parse", "auto")).isEqualTo(Git.run(bare(), "rev-parse", "master"));
    }
}
