package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.EnvVars;
import hudson.model.Label;
import hudson.model.Result;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class RecordImageITest {

    private static final String RECORD = """
            recordImage(service: 'shop', image: 'docker.example.com/shop', tag: '1', digest: '%s', verify: false)
            """.formatted(DeliveryFixture.DIGEST);

    @Test
    void isFoundByItsDigest(JenkinsRule jenkins) throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, "app", RECORD));

        for (String query :
                new String[] {DeliveryFixture.DIGEST, "docker.example.com/shop@" + DeliveryFixture.DIGEST}) {
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
                DeliveryFixture.job(jenkins, "app", RECORD + "echo \"digest=${env.GITOPS_IMAGE_SHOP_DIGEST}\""));

        jenkins.assertLogContains("digest=docker.example.com/shop@" + DeliveryFixture.DIGEST, run);
        assertThat(run.getArtifactManager().root().child("images/shop.json").exists())
                .isTrue();
        assertThat(run.getArtifactManager().root().child("images.json").exists())
                .isTrue();
    }

    @Test
    void asksTheToolOfTheAgent(JenkinsRule jenkins, @TempDir Path tools) throws Exception {
        Path docker = Files.writeString(tools.resolve("docker"), """
                #!/bin/sh
                [ "$5" = docker.example.com/shop:1 ] || { echo "No such image: $5" >&2; exit 1; }
                echo '["docker.example.com/shop@%s"]'
                """.formatted(DeliveryFixture.DIGEST));
        Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwx------"));
        String path = tools + File.pathSeparator + System.getenv("PATH");
        jenkins.createOnlineSlave(Label.get("agent"), new EnvVars("PATH", path));
        String inspect = """
                node('agent') {
                  def image = recordImage service: 'shop', image: 'docker.example.com/shop', tag: '%s', inspect: 'docker',
                      verify: false
                  echo "recorded ${image.Digest}"
                }
                """;

        WorkflowRun run = jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, "app", inspect.formatted("1")));
        jenkins.assertLogContains("recorded docker.example.com/shop@" + DeliveryFixture.DIGEST, run);
        WorkflowRun missing = jenkins.buildAndAssertStatus(
                Result.FAILURE, DeliveryFixture.job(jenkins, "other", inspect.formatted("2")));
        jenkins.assertLogContains("docker cannot tell of the image docker.example.com/shop:2 on this agent", missing);
        WorkflowRun outside = jenkins.buildAndAssertStatus(
                Result.FAILURE,
                DeliveryFixture.job(
                        jenkins, "outside", "recordImage service: 'shop', image: 'a/b', tag: '1', inspect: 'docker'"));
        jenkins.assertLogContains("call it inside node { … }", outside);
    }

    @Test
    void refusesTwoDigestsOfOneServiceInParallelBranches(JenkinsRule jenkins) throws Exception {
        WorkflowRun run =
                jenkins.buildAndAssertStatus(Result.FAILURE, DeliveryFixture.job(jenkins, "app", """
                def image(digest) {
                  recordImage(service: 'shop', image: 'docker.example.com/shop', tag: '1', digest: digest, verify: false)
                }
                retry(2) { parallel(a: { image('%1$s') }) }
                image('%2$s')
                parallel(a: { image('%1$s') }, b: { image('%2$s') })
                """.formatted(
                                DeliveryFixture.DIGEST, "sha256:" + "2".repeat(64))));

        jenkins.assertLogContains("Two parallel branches of this build have recorded the service shop", run);
    }
}
