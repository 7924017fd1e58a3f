package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Item;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.configuration.base.GitOpsPermissions;
import io.jenkins.plugins.gitops.configuration.gates.ApprovalsDefinition;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.SetApproval;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** People approve sets on a controller: with the permission and without, in a group and not, after a restart. */
class ApprovalITest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    private Path folder;

    private static void secure(JenkinsRule jenkins) {
        JenkinsRule.DummySecurityRealm realm = jenkins.createDummySecurityRealm();
        realm.addGroups("ada", "release-managers");
        realm.addGroups("grace", "release-managers");
        realm.addGroups("joe", "developers");
        jenkins.jenkins.setSecurityRealm(realm);
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ, Item.BUILD, GitOpsPermissions.VIEW)
                .everywhere()
                .to("ada", "grace", "joe", "linus")
                .grant(GitOpsPermissions.APPROVE)
                .everywhere()
                .to("ada", "grace", "joe")
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin"));
    }

    private static void configure(DeliveryFixture delivery, int count, boolean notAuthor) {
        var approvals = new ApprovalsDefinition();
        approvals.setCount(count);
        approvals.setFrom(List.of("release-managers"));
        approvals.setNotAuthor(notAuthor);
        WaveDefinition production = new WaveDefinition("production");
        production.setPromotesFrom("staging");
        production.setApprovals(approvals);
        RepositoryDefinition repository = delivery.definition();
        repository.setWaves(List.of(new WaveDefinition("staging"), production));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    private static WorkflowRun run(JenkinsRule jenkins, WorkflowJob job, String user) throws Exception {
        User starter = User.getById(user, true);
        // As Jenkins does when somebody logs in.
        starter.save();
        try (ACLContext as = ACL.as2(starter.impersonate2())) {
            return job.scheduleBuild2(0, new CauseAction(new Cause.UserIdCause()))
                    .waitForStart();
        }
    }

    private static void deliver(DeliveryFixture delivery, JenkinsRule jenkins, String user) throws Exception {
        WorkflowRun run = run(jenkins, DeliveryFixture.job(jenkins, "app", DeliveryFixture.DELIVER), user);
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> !delivery.tip("auto").equals(delivery.tip("master")));
        delivery.report(jenkins, "success");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        await().atMost(SOON)
                .until(() -> next().filter(next -> !next.sha().isEmpty()).isPresent());
    }

    private static Optional<RepositoryState.NextPromotion> next() {
        return DriverRegistry.get()
                .state("cfg-app")
                .flatMap(state -> state.waves().get(1).live())
                .flatMap(RepositoryState.LiveState::next);
    }

    private static List<String> approvers() {
        return DriverRegistry.get().state("cfg-app").orElseThrow().waves().get(1).state().approvals().stream()
                .map(SetApproval::by)
                .toList();
    }

    private static WebResponse click(JenkinsRule jenkins, String user, String action, String revision)
            throws Exception {
        JenkinsRule.WebClient client = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        client.getOptions().setJavaScriptEnabled(false);
        client.login(user);
        WebRequest request = new WebRequest(client.createCrumbedUrl("waves/cfg-app/" + action), HttpMethod.POST);
        var parameters = new ArrayList<NameValuePair>();
        parameters.add(new NameValuePair("wave", "production"));
        parameters.add(new NameValuePair("revision", revision));
        parameters.add(new NameValuePair("comment", "tried it"));
        request.setRequestParameters(parameters);
        return client.loadWebResponse(request);
    }

    @Test
    void aPromotionWaitsForPeopleAlsoAfterARestart() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            secure(jenkins);
            configure(delivery, 2, false);
            deliver(delivery, jenkins, "admin");
            WorkflowRun waiting = run(
                    jenkins,
                    DeliveryFixture.job(jenkins, "promote", "promoteWave to: 'production', wait: true"),
                    "admin");
            jenkins.waitForMessage("nobody approved it; 0 of 2. There may still approve: release-managers", waiting);
            assertThat(click(jenkins, "ada", "approve", delivery.tip("master").substring(0, 8))
                            .getContentAsString())
                    .isEqualTo("You have approved it for production.");
            jenkins.waitForMessage("1 of 2", waiting);
        });
        sessions.then(jenkins -> {
            secure(jenkins);
            WorkflowRun waiting = jenkins.jenkins
                    .getItemByFullName("promote", WorkflowJob.class)
                    .getBuildByNumber(1);
            await().atMost(SOON)
                    .until(() -> DriverRegistry.get().state("cfg-app").isPresent());
            assertThat(approvers()).containsExactly("ada");
            assertThat(click(jenkins, "grace", "approve", delivery.tip("master"))
                            .getStatusCode())
                    .isEqualTo(200);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(waiting));
            assertThat(delivery.show("auto", "images/production/tags.json")).contains("service1:1");
        });
    }

    @Test
    void onlyWhoMayApproves() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            secure(jenkins);
            configure(delivery, 1, true);
            deliver(delivery, jenkins, "ada");
            String sha = delivery.tip("master");

            assertThat(click(jenkins, "linus", "approve", sha).getStatusCode())
                    .as("without the permission")
                    .isEqualTo(403);
            assertThat(click(jenkins, "joe", "approve", sha).getContentAsString())
                    .as("not of the group")
                    .startsWith("joe may not approve for production; these may: release-managers");
            assertThat(click(jenkins, "ada", "approve", sha).getContentAsString())
                    .contains("ada has started app #1");
            assertThat(approvers()).isEmpty();

            assertThat(click(jenkins, "grace", "approve", sha).getStatusCode()).isEqualTo(200);
            await().atMost(SOON).untilAsserted(() -> assertThat(approvers()).containsExactly("grace"));
            assertThat(click(jenkins, "grace", "withdraw", sha).getStatusCode()).isEqualTo(200);
            await().atMost(SOON).untilAsserted(() -> assertThat(approvers()).isEmpty());
        });
    }

    /** Its builds have the numbers of those that delivered, and other people started them. */
    @Test
    void nobodyHidesBehindAJobThatWasMadeAnew() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            secure(jenkins);
            configure(delivery, 1, true);
            deliver(delivery, jenkins, "ada");
            jenkins.jenkins.getItemByFullName("app").delete();
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(
                    run(jenkins, DeliveryFixture.job(jenkins, "app", "echo 'delivers nothing'"), "admin")));

            for (String user : List.of("ada", "grace")) {
                assertThat(click(jenkins, user, "approve", delivery.tip("master"))
                                .getContentAsString())
                        .contains("is not known here any more");
            }
            assertThat(approvers()).isEmpty();
        });
    }

    @Test
    void theStepApprovesAsThePersonWhoStartedTheBuild() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            secure(jenkins);
            configure(delivery, 1, false);
            deliver(delivery, jenkins, "admin");
            WorkflowJob approve =
                    DeliveryFixture.job(jenkins, "approve", "approveSet wave: 'production', comment: 'tried it'");

            WorkflowRun byTimer = approve.scheduleBuild2(0).get();
            jenkins.assertLogContains("no person did", byTimer);
            WorkflowRun denied = jenkins.waitForCompletion(run(jenkins, approve, "linus"));
            jenkins.assertLogContains("linus has not the permission GitOps Waves/Approve", denied);
            WorkflowRun other = jenkins.waitForCompletion(run(jenkins, approve, "joe"));
            jenkins.assertLogContains("joe may not approve for production", other);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run(jenkins, approve, "grace")));

            await().atMost(SOON).untilAsserted(() -> assertThat(approvers()).containsExactly("grace"));
            await().atMost(SOON).until(ApprovalITest::isApproved);
        });
    }

    /** The rights count that a person has when the step approves, not those that the person had when the build began. */
    @Test
    void whoLosesTheRightMeanwhileApprovesOfNothing() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        Path go = folder.resolve("go");
        sessions.then(jenkins -> {
            secure(jenkins);
            configure(delivery, 1, false);
            deliver(delivery, jenkins, "admin");
            WorkflowJob approve = DeliveryFixture.job(
                    jenkins,
                    "approve",
                    "node { sh 'until test -e " + go + "; do sleep 0.2; done' }\napproveSet wave: 'production'");
            for (String user : List.of("ada", "grace")) {
                WorkflowRun waiting = run(jenkins, approve, user);
                jenkins.waitForMessage("+ test -e", waiting);
            }
        });
        sessions.then(jenkins -> {
            JenkinsRule.DummySecurityRealm realm = jenkins.createDummySecurityRealm();
            realm.addGroups("ada", "release-managers");
            realm.addGroups("grace", "developers");
            jenkins.jenkins.setSecurityRealm(realm);
            jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                    .grant(Jenkins.READ, Item.READ, Item.BUILD, GitOpsPermissions.VIEW)
                    .everywhere()
                    .to("ada", "grace")
                    .grant(GitOpsPermissions.APPROVE)
                    .everywhere()
                    .to("grace"));
            Files.createFile(go);

            WorkflowJob approve = jenkins.jenkins.getItemByFullName("approve", WorkflowJob.class);
            WorkflowRun unpermitted = jenkins.waitForCompletion(approve.getBuildByNumber(1));
            jenkins.assertLogContains("ada has not the permission GitOps Waves/Approve", unpermitted);
            WorkflowRun outOfTheGroup = jenkins.waitForCompletion(approve.getBuildByNumber(2));
            jenkins.assertLogContains("grace may not approve for production", outOfTheGroup);
            assertThat(approvers()).isEmpty();
        });
    }

    /** What was approved stays so when the person leaves the group, and not when the wave does not name the group. */
    @Test
    void anApprovalStaysWhenThePersonLeavesAndNotWhenTheWaveNamesOthers() throws Throwable {
        DeliveryFixture delivery = DeliveryFixture.create(folder);
        sessions.then(jenkins -> {
            secure(jenkins);
            configure(delivery, 1, false);
            deliver(delivery, jenkins, "admin");
            assertThat(click(jenkins, "grace", "approve", delivery.tip("master"))
                            .getStatusCode())
                    .isEqualTo(200);
            await().atMost(SOON).until(ApprovalITest::isApproved);
        });
        sessions.then(jenkins -> {
            secure(jenkins);
            JenkinsRule.DummySecurityRealm realm = jenkins.createDummySecurityRealm();
            realm.addGroups("ada", "release-managers");
            jenkins.jenkins.setSecurityRealm(realm);
            await().atMost(SOON)
                    .until(() -> next().filter(next -> !next.sha().isEmpty()).isPresent());
            assertThat(isApproved()).as("grace is in no group any more").isTrue();

            RepositoryDefinition repository =
                    GitOpsWavesConfiguration.get().getRepositories().get(0);
            repository.getWaves().get(1).getApprovals().setFrom(List.of("group:auditors"));
            GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
            await().atMost(SOON).until(() -> !isApproved());
        });
    }

    private static boolean isApproved() {
        return next().stream()
                .flatMap(next -> next.conditions().stream())
                .filter(condition -> condition.name().equals(PromotionCondition.APPROVED))
                .allMatch(PromotionCondition::met);
    }
}
