package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.ci.forges.FakeForge;
import io.jenkins.plugins.gitops.ci.forges.FakeGitHub;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.GitHubCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Builds that wait for what GitHub says, as it is configured. */
class WaitForForgeChecksTest extends DeliveryStepTestBase {

    private FakeGitHub gitHub;

    @BeforeEach
    void begin() throws Exception {
        gitHub = new FakeGitHub();
        // A GitHub App comes as a user whose password is a token.
        TestCredentials.add("app", "123456", FakeForge.TOKEN);
    }

    @AfterEach
    void end() {
        SystemCredentialsProvider.getInstance().getCredentials().clear();
        gitHub.close();
    }

    private StepHarness.Started waiting(String pollInterval) throws Exception {
        GitHubCheckSource checks = new GitHubCheckSource("acme/cfg-app");
        checks.setApiUrl(gitHub.url());
        checks.setAllowInsecure(true);
        checks.setCredentialsId("app");
        RequiredCheckDefinition schema = new RequiredCheckDefinition("schema");
        schema.setAppId(FakeGitHub.ACTIONS);
        RepositoryDefinition configured = repository.definition();
        configured.setChecks(List.of(checks));
        configured.setRequiredChecks(List.of(schema));
        configured.setPollInterval(pollInterval);
        steps.configure(configured);
        TestRun run = steps.build("app");
        steps.run(
                run,
                "commitConfig",
                Map.of("wave", "staging", "images", ConfigRepoFixture.images("Service1", ConfigRepoFixture.DIGEST)));
        var wait = steps.start(run, "waitForCiAndMerge", Map.of());
        await().until(() -> wait.log().contains("Waiting for schema, which nobody has reported yet."));
        return wait;
    }

    @Test
    void aBuildIsDoneAlthoughNoHookEverComes() throws Exception {
        var wait = waiting("1s");
        gitHub.checkRun(repository.tip("auto"), "schema", "success", FakeGitHub.ACTIONS);

        assertThat(wait.result()).containsEntry("outcome", "merged");
    }

    @Test
    void aBuildIsDoneAtOnceByAHookAlthoughThePollingIsSetToAnHour() throws Exception {
        var wait = waiting("1h");
        gitHub.checkRun(repository.tip("auto"), "schema", "success", FakeGitHub.ACTIONS);
        DriverRegistry.get().pollNow("cfg-app");

        await().atMost(Duration.ofSeconds(5)).until(() -> repository.queued() == 0);
        assertThat(wait.result()).containsEntry("outcome", "merged");
    }

    @Test
    void aTokenThatIsReplacedInMidWaitIsUsedAtOnce() throws Exception {
        var wait = waiting("1h");
        gitHub.takeOnly("ghs_fresh");
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .set(0, new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "app", "", "123456", "ghs_fresh"));
        gitHub.checkRun(repository.tip("auto"), "schema", "success", FakeGitHub.ACTIONS);
        DriverRegistry.get().pollNow("cfg-app");

        assertThat(wait.result()).containsEntry("outcome", "merged");
    }

    @Test
    void theConnectionIsTestedByTheButtonOfTheForm() throws Exception {
        GitHubCheckSource.DescriptorImpl form = new GitHubCheckSource.DescriptorImpl();

        assertThat(form.doTestConnection(gitHub.url(), "acme/cfg-app", "app", true))
                .hasMessageContaining("acme/cfg-app can be seen there")
                .satisfies(result -> assertThat(result.kind).isEqualTo(FormValidation.Kind.OK));
        assertThat(form.doTestConnection(gitHub.url(), "acme/other", "app", true))
                .hasMessageContainingAll("did not succeed", "knows nothing of it (404")
                .satisfies(result -> assertThat(result.kind).isEqualTo(FormValidation.Kind.ERROR));
        assertThat(form.doTestConnection(gitHub.url(), "acme/cfg-app", "gone", true))
                .hasMessageContainingAll("no credentials", "gone");
        TestCredentials.addSecret("text", "ghs_wrong");
        assertThat(form.doTestConnection(gitHub.url(), "acme/cfg-app", "text", true))
                .hasMessageContaining("did not succeed")
                .hasMessageNotContaining("ghs_wrong");
        int asked = gitHub.asked.size();
        assertThat(form.doTestConnection(gitHub.url(), "acme/cfg-app", "app", false))
                .hasMessageContaining("allowInsecure");
        assertThat(gitHub.asked).hasSize(asked);
        assertThat(form.doCheckApiUrl("ftp://x", false).kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(form.doCheckRepository("cfg-app").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(form.doCheckRepository("acme/cfg-app").kind).isEqualTo(FormValidation.Kind.OK);
    }
}
