package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class RecordImageITest {

    private static final String RECORD = """
            recordImage(service: 'shop', image: 'docker.example.com/shop', tag: '1', digest: '%s')
            """.formatted(Delivery.DIGEST);

    @Test
    void isFoundByItsDigest(JenkinsRule jenkins) throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(Delivery.job(jenkins, "app", RECORD));

        for (String query : new String[] {Delivery.DIGEST, "docker.example.com/shop@" + Delivery.DIGEST}) {
            HtmlPage page = jenkins.createWebClient().goTo("search/?q=" + query.replace(":", "%3A"));
            assertThat(page.getUrl().getPath()).endsWith(run.getUrl());
            assertThat(jenkins.getJSON("search/suggest?query=" + query.replace(":", "%3A"))
                            .getJSONObject()
                            .toString())
                    .contains(run.getFullDisplayName());
        }
        assertThat(jenkins.createWebClient().getPage(run, "fingerprints").asNormalizedText())
                .contains("docker.example.com/shop:1");
    }

    @Test
    void leavesArtifactsAndVariables(JenkinsRule jenkins) throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(
                Delivery.job(jenkins, "app", RECORD + "echo \"digest=${env.GITOPS_IMAGE_SHOP_DIGEST}\""));

        jenkins.assertLogContains("digest=docker.example.com/shop@" + Delivery.DIGEST, run);
        assertThat(run.getArtifactManager().root().child("images/shop.json").exists())
                .isTrue();
        assertThat(run.getArtifactManager().root().child("images.json").exists())
                .isTrue();
    }

    @Test
    void refusesTwoDigestsOfOneServiceInParallelBranches(JenkinsRule jenkins) throws Exception {
        WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, Delivery.job(jenkins, "app", """
                def image(digest) {
                  recordImage(service: 'shop', image: 'docker.example.com/shop', tag: '1', digest: digest)
                }
                retry(2) { parallel(a: { image('%1$s') }) }
                image('%2$s')
                parallel(a: { image('%1$s') }, b: { image('%2$s') })
                """.formatted(
                        Delivery.DIGEST, "sha256:" + "2".repeat(64))));

        jenkins.assertLogContains("Two parallel branches of this build have recorded the service shop", run);
    }
}
