package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Item;
import hudson.security.Permission;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.configuration.base.GitOpsPermissions;
import io.jenkins.plugins.gitops.configuration.gates.ApprovalsDefinition;
import io.jenkins.plugins.gitops.configuration.gates.VerificationDefinition;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Users with the fewest permissions at each button of the live page and at what it reads. */
@WithJenkins
class ButtonRightsITest extends DeliveryITestBase {

    private static final String STATE = "gitops-waves/state/cfg-app";

    /** The permissions of each user. */
    private static final Map<String, List<Permission>> USERS = new TreeMap<>(Map.of(
            "approver", List.of(GitOpsPermissions.APPROVE, GitOpsPermissions.VIEW),
            "blind", List.of(GitOpsPermissions.APPROVE),
            "boss", List.of(Jenkins.ADMINISTER),
            "configurer", List.of(GitOpsPermissions.CONFIGURE),
            "holder", List.of(GitOpsPermissions.HOLD),
            "promoter", List.of(GitOpsPermissions.PROMOTE),
            "reader", List.of(Item.READ),
            "viewer", List.of(GitOpsPermissions.VIEW)));

    private static final Set<String> HOLDERS = Set.of("boss", "holder", "promoter");
    private static final Set<String> PROMOTERS = Set.of("boss", "promoter");
    private static final Set<String> APPROVERS = Set.of("approver", "boss");
    private static final Set<String> VIEWERS = Set.of("approver", "boss", "holder", "promoter", "viewer");

    /** Who may use a button. */
    private static final Map<String, Set<String>> BUTTONS = new LinkedHashMap<>();

    static {
        BUTTONS.put("hold", HOLDERS);
        BUTTONS.put("release", HOLDERS);
        BUTTONS.put("reject", HOLDERS);
        BUTTONS.put("accept", HOLDERS);
        BUTTONS.put("verify", HOLDERS);
        BUTTONS.put("withdraw", APPROVERS);
        BUTTONS.put("approve", APPROVERS);
        BUTTONS.put("promote", PROMOTERS);
        BUTTONS.put("preview", PROMOTERS);
        BUTTONS.put("rollback", PROMOTERS);
    }

    @Override
    void configure() throws IOException {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        var rights = new MockAuthorizationStrategy();
        USERS.forEach((user, permissions) -> {
            rights.grant(Jenkins.READ).everywhere().to(user);
            permissions.forEach(
                    permission -> rights.grant(permission).everywhere().to(user));
        });
        jenkins.jenkins.setAuthorizationStrategy(rights);
        var staging = new WaveDefinition("staging");
        staging.setVerifications(List.of(new VerificationDefinition("load")));
        var production = new WaveDefinition("production");
        production.setPromotesFrom("staging");
        production.setPromotionJob("promote");
        var approvals = new ApprovalsDefinition();
        approvals.setCount(1);
        production.setApprovals(approvals);
        RepositoryDefinition repository = delivery.definition();
        repository.setWaves(List.of(staging, production));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    private JenkinsRule.WebClient as(String user) throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        client.getOptions().setJavaScriptEnabled(false);
        return client.login(user);
    }

    private int click(JenkinsRule.WebClient client, String button) throws Exception {
        var request = new WebRequest(client.createCrumbedUrl("waves/cfg-app/" + button), HttpMethod.POST);
        var fields = new ArrayList<NameValuePair>();
        Map.of(
                        "wave",
                        Set.of("hold", "release", "verify").contains(button) ? "staging" : "production",
                        "reason",
                        "to see who may",
                        "digests",
                        DeliveryFixture.DIGEST,
                        "revision",
                        delivery.tip("master"))
                .forEach((name, value) -> fields.add(new NameValuePair(name, value)));
        request.setRequestParameters(fields);
        return client.loadWebResponse(request).getStatusCode();
    }

    /** The audit: what was written into the state, by whom. */
    private String stateLog() {
        return GitCli.run(delivery.bare(), "log", "--format=%B", "refs/gitops-waves/master/state");
    }

    @Test
    void eachButtonIsForWhoHasItsPermission() throws Exception {
        WorkflowRun run =
                DeliveryFixture.startWaiting(jenkins, DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER));
        delivery.report(jenkins, "success");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        WorkflowJob promotions = DeliveryFixture.job(jenkins, "promote", "echo 'promotes'");
        await().atMost(WaitFixture.LONG)
                .untilAsserted(() -> assertThat(DriverRegistry.get()
                                .state("cfg-app")
                                .orElseThrow()
                                .waves()
                                .get(0)
                                .state()
                                .deployed())
                        .isPresent());

        // Whoever may not is first, so that it is seen that nothing has happened.
        for (Map.Entry<String, Set<String>> button : BUTTONS.entrySet()) {
            for (String user : USERS.keySet()) {
                if (!button.getValue().contains(user)) {
                    assertThat(click(as(user), button.getKey()))
                            .as("%s: %s", user, button.getKey())
                            .isEqualTo(403);
                }
            }
        }
        assertThat(stateLog()).doesNotContain(USERS.keySet());
        assertThat(promotions.getBuilds()).isEmpty();

        for (Map.Entry<String, Set<String>> button : BUTTONS.entrySet()) {
            for (String user : button.getValue()) {
                assertThat(click(as(user), button.getKey()))
                        .as("%s: %s", user, button.getKey())
                        .isIn(200, 409);
            }
        }
        assertThat(stateLog())
                .contains("approver", "boss", "holder", "promoter")
                .doesNotContain("blind", "configurer", "reader", "viewer");
        assertThat(promotions.getBuilds()).isNotEmpty();
    }

    @Test
    void eachPageIsForWhoMaySeeIt() throws Exception {
        for (String user : USERS.keySet()) {
            JenkinsRule.WebClient client = as(user);
            for (String page : List.of("waves/", "waves/cfg-app/", STATE)) {
                assertThat(client.goTo(page, null).getWebResponse().getStatusCode())
                        .as("%s: %s", user, page)
                        .isEqualTo(VIEWERS.contains(user) ? 200 : 403);
            }
            int manage = client.goTo("manage/gitops-waves-configuration/", null)
                    .getWebResponse()
                    .getStatusCode();
            assertThat(manage).as(user).isEqualTo(Set.of("boss", "configurer").contains(user) ? 200 : 403);
            for (String repair : List.of("acceptMain", "repairState")) {
                var request = new WebRequest(
                        client.createCrumbedUrl(
                                "descriptorByName/" + RepositoryDefinition.class.getName() + "/" + repair),
                        HttpMethod.POST);
                request.setRequestParameters(List.of(new NameValuePair("name", "cfg-app")));
                assertThat(client.loadWebResponse(request).getStatusCode())
                        .as("%s: %s", user, repair)
                        .isEqualTo(user.equals("boss") ? 200 : 403);
            }
        }
    }
}
