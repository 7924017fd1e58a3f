package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.configuration.gates.ApprovalsDefinition;
import io.jenkins.plugins.gitops.configuration.gates.VerificationDefinition;
import io.jenkins.plugins.gitops.world.GitCli;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Jobs with and without a right at each step: a repository that names its jobs, and waves that name theirs. */
@WithJenkins
class StepRightsITest extends DeliveryITestBase {

    private static final String REPOSITORY = "may not use the config repository \"cfg-app\"";
    private static final String DIGESTS = "digests: ['" + DeliveryFixture.DIGEST + "']";

    /** A step that does something to a wave or its images, and the verb of what its job may not do. */
    private enum Acting {
        COMMIT("commitConfig wave: 'staging', images: '{\"Service1\": {\"Tag\": \"docker.example.com/service1:1\","
                + " \"Digest\": \"docker.example.com/service1@" + DeliveryFixture.DIGEST + "\"}}'"),
        PROMOTE("promoteWave to: 'production'"),
        ROLL_BACK("promoteWave to: 'staging', rollback: true, revision: 'TIP'"),
        SYNC("awaitArgoSync wave: 'staging', sync: true"),
        HOLD("holdWave wave: 'staging', reason: 'to see who may'"),
        RELEASE("releaseWave wave: 'staging'"),
        REJECT("rejectImages " + DIGESTS + ", reason: 'to see who may'"),
        ACCEPT("acceptImages " + DIGESTS + ", reason: 'to see who may'"),
        APPROVE("approveSet wave: 'production', revision: 'TIP'"),
        VERIFY("verifyWave wave: 'staging'"),
        REPORT_VERIFICATION("reportVerification wave: 'staging', name: 'load', state: 'success'");

        private final String script;

        Acting(String script) {
            this.script = script;
        }
    }

    @Override
    void configure() {
        var staging = new WaveDefinition("staging");
        staging.setVerifications(List.of(new VerificationDefinition("load")));
        staging.setAllowedJobs(List.of("deliver"));
        var production = new WaveDefinition("production");
        production.setPromotesFrom("staging");
        production.setAllowedJobs(List.of("deliver"));
        var approvals = new ApprovalsDefinition();
        approvals.setCount(1);
        production.setApprovals(approvals);
        RepositoryDefinition repository = delivery.definition();
        repository.setAllJobs(false);
        repository.setAllowedJobs(List.of("deliver", "watch"));
        repository.getRequiredChecks().get(0).setReporters(List.of("ci"));
        repository.setWaves(List.of(staging, production));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    private String run(String job, String script) throws Exception {
        WorkflowRun run = DeliveryFixture.job(jenkins, job, script.replace("TIP", delivery.tip("master")))
                .scheduleBuild2(0)
                .get();
        jenkins.assertBuildStatus(Result.FAILURE, run);
        String log = JenkinsRule.getLog(run);
        assertThat(log).contains("ERROR: ").doesNotContain("\tat ");
        return log;
    }

    @Test
    void eachStepIsRefusedToOtherJobs() throws Exception {
        for (Acting step : Acting.values()) {
            assertThat(run("stranger", step.script)).as(step.toString()).contains(REPOSITORY, "allowedJobs");
            jenkins.jenkins.getItem("stranger").delete();
            assertThat(run("watch", step.script))
                    .as(step.toString())
                    .contains("The job \"watch\" may not ", " the wave \"", "allowedJobs");
            jenkins.jenkins.getItem("watch").delete();
        }
        assertThat(GitCli.run(delivery.bare(), "for-each-ref", "--format=%(refname)")
                        .lines()
                        .filter(ref -> ref.contains("state")))
                .as("nothing was written")
                .isEmpty();
        assertThat(delivery.findTip("auto")).isIn("", delivery.tip("master"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stranger | waitForCiAndMerge commit: 'TIP'                    | may not use the config repository",
                "stranger | awaitArgoSync wave: 'staging', revision: 'TIP'     | may not use the config repository",
                "stranger | awaitRollout wave: 'staging', revision: 'TIP'      | may not use the config repository",
                "watch    | reportCiStatus sha: 'TIP', context: 'ci/generated', state: 'success' | reporters",
                "deliver  | reportCiStatus sha: 'TIP', context: 'ci/generated', state: 'success' | reporters",
                "watch    | node { generateConfig { echo 'never' } }           | is not the generator of any",
            })
    void waitingAndReportingAreRefusedToo(String job, String script, String sentence) throws Exception {
        assertThat(run(job, script)).contains(sentence);
    }
}
