package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Item;
import hudson.model.ListView;
import hudson.model.Run;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.DryRunEntry;
import io.jenkins.plugins.gitops.build.EntryState;
import io.jenkins.plugins.gitops.build.PromotionEntry;
import io.jenkins.plugins.gitops.build.RolloutEntry;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.ConditionReport;
import io.jenkins.plugins.gitops.pages.DeliveryColumn;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.InputStream;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.htmlunit.html.DomAttr;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class PagesITest extends DeliveryITestBase {

    private static final String HOSTILE =
            "\"><script>alert(1)</script>' onload=alert(1) \u202etxt \ud83d\ude80 " + "x".repeat(10_000);

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private JenkinsRule.WebClient plainly() {
        return jenkins.createWebClient().withJavaScriptEnabled(false);
    }

    private WorkflowRun deliver() throws Exception {
        WorkflowRun run = DeliveryFixture.startWaiting(
                jenkins,
                DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER + "awaitArgoSync wave: 'staging'"));
        delivery.report(jenkins, "success");
        return jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    /** What the plugin writes has nothing inline that the content security policy would refuse. */
    private static void assertIsPlain(HtmlPage page) {
        for (DomNode part : page.querySelectorAll(".gitops-waves, .gitops-waves-plots")) {
            for (DomElement element : part.getDomElementDescendants()) {
                assertThat(element.getTagName()).isNotEqualTo("style");
                assertThat(element.getTagName().equals("script")
                                && element.getAttribute("src").isEmpty())
                        .isFalse();
                assertThat(element.getAttributesMap().values())
                        .extracting(DomAttr::getName)
                        .noneMatch(name -> name.equals("style") || name.startsWith("on"));
                assertThat(element.getAttribute("href")).doesNotContain("javascript:");
            }
        }
    }

    @Test
    void showsTheDeliveryOfABuild() throws Exception {
        WorkflowRun run = deliver();
        await().atMost(PATIENCE)
                .until(() -> !run.getAction(DeliveryAction.class)
                        .getChanges()
                        .get(0)
                        .getImages()
                        .isEmpty());

        HtmlPage build = plainly().getPage(run);
        HtmlPage page = plainly().getPage(run, "delivery/");

        assertThat(build.asNormalizedText()).contains("Service1", "Commit to cfg-app, wave staging", "merged after");
        assertThat(build.getAnchorByHref("delivery/").getTextContent()).isEqualTo("The whole delivery");
        assertThat(page.asNormalizedText())
                .contains("Commit to cfg-app, wave staging: merged", DeliveryFixture.CHECK, "Tag before", "new")
                .contains("Rollout to cfg-app, wave staging: deployed");
        assertIsPlain(build);
        assertIsPlain(page);
        assertThat(jenkins.getJSON(run.getUrl() + "api/json?tree=actions[changes[subject,images[service,digest]]]")
                        .getJSONObject()
                        .toString())
                .contains("docker.example.com/service1@" + DeliveryFixture.DIGEST, "chore: update");
    }

    @Test
    void saysOnTheBuildsPageWhenAWaveCameToRunItAndLeftIt() throws Exception {
        WorkflowRun run = deliver();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(way(run)).containsPattern("staging\\s+since "));

        String other = DeliveryFixture.DELIVER.replace(DeliveryFixture.DIGEST, "sha256:" + "e".repeat(64));
        WorkflowRun next = DeliveryFixture.startWaiting(
                jenkins, DeliveryFixture.job(jenkins, "newer", other.replace("tag: '1'", "tag: '2'")));
        delivery.report(jenkins, "success");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(next));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(way(run)).containsPattern("staging\\s+\\S.* to \\S"));
        assertThat(way(next)).containsPattern("staging\\s+since ");
        assertThat(plainly().getPage(run).getAnchorByText("staging").getHrefAttribute())
                .isEqualTo(jenkins.getURL() + "waves/cfg-app/");
    }

    /** The line of a build's page with the way of what it delivers. */
    private String way(WorkflowRun run) throws Exception {
        return plainly().getPage(run).querySelector("ol.gitops-waves-route").asNormalizedText();
    }

    @Test
    void leadsFromAJobToTheLivePageOfItsRepositoryWhoMaySeeThat() throws Exception {
        WorkflowRun run = deliver();
        HtmlPage page = plainly().getPage(run.getParent());
        assertThat(page.querySelectorAll("#side-panel a[href$='/waves/cfg-app/']"))
                .hasSize(1);

        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("reader"));
        HtmlPage readers = plainly().login("reader").getPage(run.getParent());
        assertThat(readers.querySelectorAll("a[href$='/waves/cfg-app/']")).isEmpty();
        HtmlPage build = plainly().login("reader").getPage(run);
        assertThat(build.querySelector("ol.gitops-waves-route").asNormalizedText())
                .contains("main")
                .doesNotContain("staging");
    }

    @Test
    void listsTheRepositoriesWithTheHealthOfTheirWaves() throws Exception {
        deliver();
        var another = new RepositoryDefinition("another", "https://git.invalid/another.git");
        another.setAllJobs(true);
        another.setMergeWithoutChecks(true);
        GitOpsWavesConfiguration.get().setRepositories(List.of(delivery.definition(), another));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(plainly().goTo("waves/").asNormalizedText())
                        .contains("Oldest wait")
                        .containsPattern("cfg-app[\\s\\S]*staging\\s+#1"));
        assertThat(plainly().goTo("waves/").getAnchorByText("another").getHrefAttribute())
                .endsWith("/waves/another/");
    }

    @Test
    void showsTheLatestImagesAndTheLeadTimesOfAJob() throws Exception {
        WorkflowRun run = deliver();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                plainly().getPage(run.getParent()).asNormalizedText())
                        .contains("Latest images", "Service1", "this image", "has no targets", "has no images"));
        HtmlPage page = plainly().getPage(run.getParent(), "delivery/");

        assertThat(page.asNormalizedText()).contains("Latest images", "From the commit to staging", "#1");
        assertIsPlain(page);
        assertThat(jenkins.getJSON(run.getParent().getUrl() + "delivery/leadTimes")
                        .getJSONObject()
                        .getJSONArray("builds")
                        .getJSONObject(0)
                        .getJSONObject("seconds")
                        .keySet())
                .containsExactly("staging");
    }

    @Test
    void drawsTheLeadTimes() throws Exception {
        WorkflowRun run = deliver();

        HtmlPage page = plainly().getPage(run.getParent());

        for (String script : List.of("/plugin/echarts-api/js/echarts.min.js", "/pages/plots.js")) {
            String address = page.querySelectorAll("script[src*='" + script + "']")
                    .get(0)
                    .getAttributes()
                    .getNamedItem("src")
                    .getNodeValue();
            assertThat(jenkins.createWebClient()
                            .getPage(new URL(jenkins.getURL(), address))
                            .getWebResponse()
                            .getContentAsString())
                    .contains("echarts");
        }
    }

    @Test
    void showsNothingToJobsThatDeliverNothing() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, "other", "echo 'x'"));

        assertThat(plainly().getPage(run.getParent()).asNormalizedText()).doesNotContain("Latest images", "Delivery");
        plainly().assertFails(run.getParent().getUrl() + "delivery/", 404);
    }

    @Test
    void showsTheImagesInAListView() throws Exception {
        deliver();
        ListView view = new ListView("deliveries");
        view.getColumns().add(new DeliveryColumn());
        view.setIncludeRegex(".*");
        jenkins.jenkins.addView(view);

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(plainly().goTo("view/deliveries/").asNormalizedText())
                                .contains("Images and waves")
                                .containsPattern("1\\s+staging"));
    }

    @Test
    void tellsNobodyWhereImagesAreWhoMayNotSeeTheWaves() throws Exception {
        WorkflowRun run = deliver();
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("reader")
                .grant(Jenkins.READ)
                .everywhere()
                .to("stranger"));

        String seen = plainly().login("reader").getPage(run.getParent()).asNormalizedText();

        assertThat(seen).contains("Latest images", "Service1").doesNotContain("this image", "State of the wave");
        for (String page : List.of("", "delivery/", "delivery/leadTimes", "1/delivery/")) {
            plainly().login("stranger").assertFails(run.getParent().getUrl() + page, 404);
        }
    }

    @Test
    void escapesWhatOthersSay() throws Exception {
        WorkflowRun run = deliver();
        DeliveryAction action = run.getAction(DeliveryAction.class);
        action.updateChange(
                "cfg-app",
                ChangeStatus.of(HOSTILE, HOSTILE, HOSTILE, HOSTILE, Instant.EPOCH)
                        .with(new ChangeStatus.End(Outcome.MERGED, Optional.empty(), Optional.of(HOSTILE)))
                        .withChecks(List.of(new CheckStatus(
                                HOSTILE,
                                CheckState.FAILURE,
                                Optional.of("javascript:alert(1)"),
                                Optional.of(HOSTILE),
                                Instant.EPOCH,
                                1)))
                        .withRewrites(List.of(new ChangeStatus.Rewrite(HOSTILE, HOSTILE, HOSTILE))),
                1);
        var conditions = new ConditionReport(List.of(new PromotionCondition(HOSTILE, false, HOSTILE, HOSTILE)));
        action.record(new PromotionEntry(HOSTILE, HOSTILE, "x", HOSTILE, 1)
                .withResult(EntryState.WAITING, conditions, List.of(HOSTILE), 1));
        action.updateRollout(new RolloutEntry(
                HOSTILE,
                WavePath.parse(HOSTILE),
                EntryState.WAITING,
                new Rollout(
                        Optional.of(HOSTILE),
                        List.of(new TargetState(
                                new ApplicationId(HOSTILE, HOSTILE),
                                HOSTILE,
                                TargetState.State.LATE,
                                TargetState.ReportedStatus.of(HOSTILE, HOSTILE, HOSTILE),
                                HOSTILE)),
                        Optional.empty(),
                        false),
                1,
                1));
        action.record(new DryRunEntry("x", HOSTILE, WavePath.parse(HOSTILE), 1), HOSTILE);

        for (HtmlPage page : List.of(plainly().getPage(run), plainly().getPage(run, "delivery/"))) {
            assertThat(page.asNormalizedText()).contains("<script>alert(1)</script>");
            assertIsPlain(page);
        }
    }

    @Test
    void showsABuildThatTheFirstVersionSaved() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(DeliveryFixture.job(jenkins, "old", "echo 'x'"));
        try (InputStream xml =
                Objects.requireNonNull(PagesITest.class.getResourceAsStream("/written/1/delivery.xml"))) {
            run.addAction((DeliveryAction) Run.XSTREAM2.fromXML(xml));
        }
        run.save();
        run.getParent().doReload();
        WorkflowRun again =
                jenkins.jenkins.getItemByFullName("old", WorkflowJob.class).getBuildByNumber(1);

        assertThat(plainly().getPage(again).asNormalizedText())
                .contains("basket", "Commit to cfg-app, wave staging", "rewritten once");
        assertThat(plainly().getPage(again, "delivery/").asNormalizedText())
                .contains("f34651f17b", "was evicted", "cfg-app, promotion from staging to production: promoted")
                .contains("What would be committed is not kept any more.");
        for (String page : List.of("", "delivery/")) {
            assertThat(plainly().getPage(again.getParent(), page).asNormalizedText())
                    .contains("Latest images", "#1");
        }
    }
}
