package io.jenkins.plugins.gitops.controller;

import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.steps.ConfigRepoFixture;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;

/** A real config repository on disk, and jobs that deliver to it and test it. */
final class DeliveryFixture extends ConfigRepoFixture {

    static final String DELIVER = """
        recordImage service: 'Service1', image: 'docker.example.com/service1', tag: '1', digest: '%s', verify: false
        def change = commitConfig wave: 'staging'
        def merged = waitForCiAndMerge()
        echo "${change.changed} ${merged.outcome} ${merged.checks.size()}"
        """.formatted(DIGEST);

    private DeliveryFixture(Path bare) {
        super(bare);
    }

    static DeliveryFixture create(Path folder) {
        return new DeliveryFixture(GitCli.createBare(folder.resolve("cfg-app.git"), "master"));
    }

    void configure() {
        GitOpsWavesConfiguration.get().setRepositories(List.of(definition()));
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

    /** The tip of a branch; empty if there is none. */
    String findTip(String branch) {
        return GitCli.run(bare(), "for-each-ref", "--format=%(objectname)", "refs/heads/" + branch)
                .strip();
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
