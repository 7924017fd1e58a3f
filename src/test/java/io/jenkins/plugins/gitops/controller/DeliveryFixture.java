package io.jenkins.plugins.gitops.controller;

import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.ReportedCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;

/** A real config repository on disk, and jobs that deliver to it and test it. */
final class DeliveryFixture {

    static final String CHECK = "ci/generated";
    static final String DIGEST = "sha256:6a9ca693f6fff83215c00b653bcf2106124705ad538dc509373523fdd6cefdb4";

    static final String DELIVER = """
            recordImage service: 'Service1', image: 'docker.example.com/service1', tag: '1', digest: '%s'
            def change = commitConfig wave: 'staging'
            def merged = waitForCiAndMerge()
            echo "${change.changed} ${merged.outcome} ${merged.checks.size()}"
            """.formatted(DIGEST);

    private final Path bare;

    private DeliveryFixture(Path bare) {
        this.bare = bare;
    }

    /** Makes the repository with one commit on master. */
    static DeliveryFixture create(Path folder) {
        DeliveryFixture delivery = new DeliveryFixture(GitCli.createBare(folder.resolve("cfg-app.git"), "master"));
        String tree = GitCli.run(delivery.bare, "mktree").strip();
        String commit =
                GitCli.run(delivery.bare, "commit-tree", tree, "-m", "Begin").strip();
        GitCli.run(delivery.bare, "update-ref", "refs/heads/master", commit);
        return delivery;
    }

    Path bare() {
        return bare;
    }

    RepositoryDefinition repository() {
        return repository(bare.toUri().toString());
    }

    RepositoryDefinition repository(String url) {
        RepositoryDefinition repository = new RepositoryDefinition("cfg-app", url);
        repository.setAllowInsecure(true);
        repository.setChecks(List.of(new ReportedCheckSource()));
        repository.setRequiredChecks(List.of(new RequiredCheckDefinition(CHECK)));
        repository.setRedGrace("0s");
        return repository;
    }

    void configure() {
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository()));
    }

    String tip(String branch) {
        return GitCli.run(bare, "rev-parse", "refs/heads/" + branch).strip();
    }

    String show(String branch, String path) {
        return GitCli.run(bare, "show", "refs/heads/" + branch + ":" + path);
    }

    static WorkflowJob job(JenkinsRule jenkins, String name, String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    /** Starts a job and returns when its build says that it waits. */
    static WorkflowRun startWaiting(JenkinsRule jenkins, WorkflowJob job) throws Exception {
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("which nobody has reported yet", run);
        return run;
    }

    /** The CI of the config repository reports on the tip of the auto branch. */
    void report(JenkinsRule jenkins, String state) throws Exception {
        report(jenkins, tip("auto"), state);
    }

    void report(JenkinsRule jenkins, String sha, String state) throws Exception {
        WorkflowJob ci = jenkins.jenkins.getItemByFullName("ci", WorkflowJob.class);
        if (ci == null) {
            ci = jenkins.createProject(WorkflowJob.class, "ci");
        }
        ci.setDefinition(new CpsFlowDefinition(
                "reportCiStatus sha: '" + sha + "', context: '" + CHECK + "', state: '" + state
                        + "', url: 'https://ci.example.com/1'",
                true));
        jenkins.buildAndAssertSuccess(ci);
    }
}
