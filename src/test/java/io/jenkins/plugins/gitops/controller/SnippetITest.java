package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.steps.AwaitArgoSyncStep;
import io.jenkins.plugins.gitops.steps.CommitConfigStep;
import io.jenkins.plugins.gitops.steps.PromoteWaveStep;
import io.jenkins.plugins.gitops.steps.RecordImageStep;
import io.jenkins.plugins.gitops.steps.ReportCiStatusStep;
import io.jenkins.plugins.gitops.steps.WaitForCiAndMergeStep;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class SnippetITest {

    @Test
    void writesOnlyWhatIsNotTheDefault(JenkinsRule jenkins) {
        WaitForCiAndMergeStep wait = new WaitForCiAndMergeStep();
        assertThat(Snippetizer.object2Groovy(wait)).isEqualTo("waitForCiAndMerge()");
        wait.setTimeout("30m");
        wait.setEvictOnAbort(true);
        assertThat(Snippetizer.object2Groovy(wait)).isEqualTo("waitForCiAndMerge evictOnAbort: true, timeout: '30m'");

        RecordImageStep record = new RecordImageStep();
        record.setService("Service1");
        record.setTag("1");
        assertThat(Snippetizer.object2Groovy(record)).isEqualTo("recordImage service: 'Service1', tag: '1'");

        assertThat(Snippetizer.object2Groovy(new ReportCiStatusStep("a", "ci/generated", "success")))
                .isEqualTo("reportCiStatus context: 'ci/generated', sha: 'a', state: 'success'");
    }

    @Test
    void writesTheWayToTheNextWave(JenkinsRule jenkins) {
        AwaitArgoSyncStep await = new AwaitArgoSyncStep("staging");
        assertThat(Snippetizer.object2Groovy(await)).isEqualTo("awaitArgoSync 'staging'");
        await.setTimeout("30m");
        assertThat(Snippetizer.object2Groovy(await)).isEqualTo("awaitArgoSync timeout: '30m', wave: 'staging'");

        PromoteWaveStep promote = new PromoteWaveStep();
        promote.setTo("internal");
        promote.setWait(true);
        promote.setRepo("cfg-app");
        assertThat(Snippetizer.object2Groovy(promote))
                .isEqualTo("promoteWave repo: 'cfg-app', to: 'internal', wait: true");
    }

    @Test
    void leavesTheOptionalBlockToTheAuthor(JenkinsRule jenkins) {
        CommitConfigStep commit = new CommitConfigStep();
        commit.setBodyPaths(List.of("generated/**\n\n*.lock"));
        commit.setDryRun(true);

        assertThat(Snippetizer.object2Groovy(commit))
                .isEqualTo("commitConfig bodyPaths: ['generated/**', '*.lock'], dryRun: true");

        PromoteWaveStep promote = new PromoteWaveStep();
        promote.setBodyPaths(List.of("generated/**"));
        assertThat(Snippetizer.object2Groovy(promote)).isEqualTo("promoteWave(bodyPaths: ['generated/**'])");
    }

    @Test
    void takesImagesAsMapAndAsText(JenkinsRule jenkins) throws Exception {
        Map<String, Object> images = Map.of("Service1", Map.of("Tag", "docker.example.com/service1:1"));
        DescribableModel<CommitConfigStep> model = DescribableModel.of(CommitConfigStep.class);

        CommitConfigStep asMap = model.instantiate(Map.of("images", images), null);
        CommitConfigStep asText = model.instantiate(Map.of("images", "{}"), null);

        assertThat(asMap.getImages()).isEqualTo(images);
        assertThat(Snippetizer.object2Groovy(asMap))
                .isEqualTo("commitConfig(images: [Service1: [Tag: 'docker.example.com/service1:1']])");
        assertThat(Snippetizer.object2Groovy(asText)).isEqualTo("commitConfig images: '{}'");
    }
}
