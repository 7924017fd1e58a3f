package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Item;
import hudson.model.ParametersAction;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.configuration.base.GitOpsPermissions;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import org.awaitility.Awaitility;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The live page on a controller; what its script does is tested in a browser, without one. */
@WithJenkins
class WavesPageITest {

    private static final String PROMOTE = """
            echo "${params.GITOPS_OPERATION} ${params.GITOPS_FROM} to ${env.GITOPS_WAVE}, set '${params.GITOPS_SET}'"
            promoteWave repo: params.GITOPS_REPOSITORY, to: params.GITOPS_WAVE, set: params.GITOPS_SET,
                revision: params.GITOPS_REVISION
            """;

    @TempDir
    private Path folder;

    private JenkinsRule jenkins;
    private DeliveryFixture delivery;

    @BeforeEach
    void configure(JenkinsRule rule) throws Exception {
        jenkins = rule;
        rule.jenkins.setSecurityRealm(rule.createDummySecurityRealm());
        rule.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("nobody", "viewer", "holder", "promoter", "builder")
                .grant(GitOpsPermissions.VIEW)
                .everywhere()
                .to("viewer")
                .grant(GitOpsPermissions.HOLD)
                .everywhere()
                .to("holder")
                .grant(GitOpsPermissions.PROMOTE)
                .everywhere()
                .to("promoter", "builder")
                .grant(Item.BUILD)
                .everywhere()
                .to("builder"));
        delivery = DeliveryFixture.create(folder);
        WaveDefinition production = new WaveDefinition("production");
        production.setPromotesFrom("staging");
        production.setPromotionJob("promote");
        RepositoryDefinition repository = delivery.definition();
        repository.setWaves(List.of(new WaveDefinition("staging"), production));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    private JenkinsRule.WebClient as(String user) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        client.getOptions().setJavaScriptEnabled(false);
        return client.login(user);
    }

    private WebResponse post(JenkinsRule.WebClient client, String action, String... form) throws Exception {
        WebRequest request = new WebRequest(client.createCrumbedUrl("waves/cfg-app/" + action), HttpMethod.POST);
        List<NameValuePair> parameters = new ArrayList<>();
        for (int i = 0; i < form.length; i += 2) {
            parameters.add(new NameValuePair(form[i], form[i + 1]));
        }
        request.setRequestParameters(parameters);
        return client.loadWebResponse(request);
    }

    @Test
    void showsToWhoMayViewNoMoreThanThatOneMay() throws Exception {
        assertThat(as("nobody").goTo("waves/").getWebResponse().getStatusCode()).isEqualTo(403);
        assertThat(as("nobody").goTo("waves/cfg-app/").getWebResponse().getStatusCode())
                .isEqualTo(403);
        HtmlPage page = as("viewer").goTo("waves/");
        assertThat(page.getWebResponse().getContentAsString()).contains("id=\"gitops-waves\"");
        assertThat(page.getUrl().getPath()).as("there is only one").endsWith("/waves/cfg-app/");
        assertThat(page.getElementById("gitops-waves").getAttribute("data-may-hold"))
                .isEqualTo("false");
        assertThat(page.getElementById("gitops-waves").getAttribute("data-state"))
                .isEqualTo(jenkins.contextPath + "/gitops-waves/state/cfg-app");
        HtmlPage holder = as("holder").goTo("waves/cfg-app/");
        assertThat(holder.getElementById("gitops-waves").getAttribute("data-may-hold"))
                .isEqualTo("true");
        assertThat(holder.getElementById("gitops-waves").getAttribute("data-may-promote"))
                .isEqualTo("false");
        assertThat(as("viewer").goTo("waves/unknown/").getWebResponse().getStatusCode())
                .isEqualTo(404);
    }

    @Test
    void nothingOfItIsInline() throws Exception {
        JenkinsRule.WebClient client = as("viewer");
        HtmlPage page = client.goTo("waves/cfg-app/");
        String html = page.getElementById("main-panel").asXml();

        assertThat(html).doesNotContain("<script", "<style", " style=").doesNotContainPattern("\\son[a-z]+=\"");
        Matcher script = Pattern.compile("src=\"([^\"]*/waves/main\\.js)\"")
                .matcher(page.getWebResponse().getContentAsString());
        assertThat(script.find()).isTrue();
        WebResponse main = client.loadWebResponse(new WebRequest(
                new URI(jenkins.getURL().toString()).resolve(script.group(1)).toURL()));
        assertThat(main.getStatusCode()).isEqualTo(200);
        assertThat(main.getContentType()).endsWith("javascript");
    }

    @Test
    void everyClickNeedsPostACrumbAndThePermission() throws Exception {
        for (String action : List.of(
                "hold",
                "release",
                "reject",
                "accept",
                "approve",
                "withdraw",
                "verify",
                "promote",
                "rollback",
                "preview")) {
            assertThat(as("builder")
                            .goTo("waves/cfg-app/" + action, null)
                            .getWebResponse()
                            .getStatusCode())
                    .as(action)
                    .isEqualTo(404);
            assertThat(post(as("viewer"), action, "wave", "production", "reason", "x")
                            .getStatusCode())
                    .as(action)
                    .isEqualTo(403);
        }
        assertThat(post(as("holder"), "promote", "wave", "production").getStatusCode())
                .isEqualTo(403);
        JenkinsRule.WebClient holder = as("holder");
        WebRequest bare = new WebRequest(
                new URI(jenkins.getURL() + "waves/cfg-app/hold?wave=production&reason=x").toURL(), HttpMethod.POST);
        assertThat(holder.loadWebResponse(bare).getStatusCode()).as("no crumb").isEqualTo(403);
    }

    private Optional<RepositoryState.WaveSnapshot> production() {
        return DriverRegistry.get().state("cfg-app").map(state -> state.waves().get(1));
    }

    @Test
    void aHoldNamesTheUserAndWhy() throws Exception {
        assertThat(post(as("holder"), "hold", "wave", "production").getContentAsString())
                .startsWith("Say why");
        assertThat(post(as("holder"), "hold", "wave", "production", "reason", "freeze", "until", "soon")
                        .getStatusCode())
                .isEqualTo(409);

        WebResponse held = post(as("holder"), "hold", "wave", "production", "reason", "a\nfreeze", "until", "2h");
        assertThat(held.getContentAsString()).isEqualTo("production is held.");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                production().flatMap(wave -> wave.state().hold()))
                        .hasValueSatisfying(hold -> {
                            assertThat(hold.by()).isEqualTo("holder");
                            assertThat(hold.reason()).isEqualTo("a freeze");
                            assertThat(hold.until()).isNotNull();
                        }));
        assertThat(post(as("holder"), "release", "wave", "production", "reason", "over")
                        .getStatusCode())
                .isEqualTo(200);
    }

    @Test
    void aPromotionIsABuildOfTheJobForWhoMayBuildIt() throws Exception {
        WorkflowRun run =
                DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER));
        delivery.report(jenkins, "success");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> production()
                        .flatMap(wave -> wave.live())
                        .flatMap(live -> live.next())
                        .filter(RepositoryState.NextPromotion::allowed)
                        .isPresent());
        String sha = delivery.tip("master");

        assertThat(post(as("builder"), "promote", "wave", "production", "revision", sha)
                        .getContentAsString())
                .startsWith("There is no job promote");
        WorkflowJob job = DeliveryFixture.job(jenkins, "promote", PROMOTE);
        assertThat(post(as("promoter"), "promote", "wave", "production", "revision", sha)
                        .getContentAsString())
                .startsWith("You may not build promote");
        assertThat(post(as("builder"), "promote", "wave", "production", "revision", "f".repeat(40))
                        .getContentAsString())
                .contains("has no commit");
        assertThat(post(as("builder"), "rollback", "wave", "staging", "revision", sha)
                        .getContentAsString())
                .contains("has no promotionJob");

        WebResponse started = post(as("builder"), "promote", "wave", "production", "revision", sha);
        assertThat(started.getContentAsString()).contains("A build of promote is queued.");
        jenkins.waitUntilNoActivity();
        WorkflowRun promotion = jenkins.assertBuildStatusSuccess(job.getLastBuild());
        jenkins.assertLogContains("promote staging to production, set ''", promotion);
        assertThat(promotion.getAction(ParametersAction.class).getParameters())
                .extracting(parameter -> parameter.getName())
                .contains("GITOPS_REVISION");
        assertThat(delivery.show("auto", "images/production/tags.json")).contains("docker.example.com/service1:1");
    }
}
