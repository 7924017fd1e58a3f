package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import hudson.AbortException;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.world.GitCli;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.junit.jupiter.api.Test;

class ReportCiStatusStepTest extends DeliveryStepTestBase {

    private static final String UNKNOWN = "0123456789012345678901234567890123456789";

    private static Map<String, Object> success(String sha) {
        return Map.of("sha", sha, "context", ConfigRepoFixture.CHECK, "state", "success");
    }

    private String committed() throws Exception {
        steps.run(
                steps.build("app"),
                "commitConfig",
                Map.of("images", ConfigRepoFixture.images("Service1", ConfigRepoFixture.DIGEST)));
        return repository.tip("auto");
    }

    @Test
    void letsTheDriverMoveMain() throws Exception {
        String sha = committed();

        var report = steps.start(steps.build("acme/cfg-app"), "reportCiStatus", success(sha));

        assertThat(report.end()).isNull();
        assertThat(report.log()).contains(ConfigRepoFixture.CHECK, sha, "success");
        await().until(() -> repository.tip("master").equals(sha));
    }

    @Test
    void reportsAgainAfterARestart() throws Exception {
        String sha = committed();
        var report = steps.start(steps.build("acme/cfg-app"), "reportCiStatus", success(sha));
        byte[] saved = report.save();
        report.end();

        report.resume(saved);

        assertThat(report.end()).isNull();
        assertThat(report.context().completions()).isOne();
    }

    @Test
    void endsOnceWhenAborted() throws Exception {
        var report = steps.prepare(steps.build("acme/cfg-app"), "reportCiStatus", success(committed()));

        report.abort();
        report.begin();

        assertThatThrownBy(report::end).isInstanceOf(FlowInterruptedException.class);
        assertThat(report.context().completions()).isOne();
    }

    @Test
    void letsOnlyTheNamedJobsReport() throws Exception {
        RepositoryDefinition configured = repository.definition();
        RequiredCheckDefinition check = new RequiredCheckDefinition(ConfigRepoFixture.CHECK);
        check.setReporters(List.of("acme/cfg-app/**"));
        configured.setRequiredChecks(List.of(check));
        steps.configure(configured);
        String sha = committed();

        assertThatThrownBy(() -> steps.run(steps.build("acme/app"), "reportCiStatus", success(sha)))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll("acme/app", ConfigRepoFixture.CHECK, "reporters");
        steps.run(steps.build("acme/cfg-app/auto"), "reportCiStatus", success(sha));
        await().until(() -> repository.tip("master").equals(sha));
    }

    @Test
    void takesTheWordsOfGitHubsChecksAndOfTwoBuildsTheLaterCounts() throws Exception {
        String sha = committed();
        for (String word : List.of("pending", "error", "timed_out", "skipped", "cancelled")) {
            report(steps.build("acme/cfg-app"), sha, word);
            assertThat(kept(sha)).isEqualTo(word);
        }
        TestRun earlier = steps.build("acme/cfg-app");
        report(steps.build("acme/cfg-app"), sha, "failure");
        report(earlier, sha, "success");

        assertThat(kept(sha)).isEqualTo("failure");
    }

    private void report(TestRun build, String sha, String state) throws Exception {
        steps.run(build, "reportCiStatus", Map.of("sha", sha, "context", ConfigRepoFixture.CHECK, "state", state));
    }

    private String kept(String sha) throws Exception {
        String file = "refs/gitops-waves/master/checks/" + sha + ":checks.json";
        return Json.parse(GitCli.run(repository.bare(), "show", file))
                .path(ConfigRepoFixture.CHECK)
                .path("state")
                .asText();
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertRefused(Map.of("sha", "7d10434", "context", ConfigRepoFixture.CHECK, "state", "success"), "40");
        assertRefused(Map.of("sha", UNKNOWN, "context", "ci/other", "state", "success"), "ci/other", "ci/generated");
        assertRefused(Map.of("sha", UNKNOWN, "context", ConfigRepoFixture.CHECK, "state", "green"), "green", "success");
        assertRefused(Map.of("sha", UNKNOWN, "context", ConfigRepoFixture.CHECK), "state");
        assertRefused(
                Map.of(
                        "sha",
                        UNKNOWN,
                        "context",
                        ConfigRepoFixture.CHECK,
                        "state",
                        "success",
                        "url",
                        "javascript:alert(1)"),
                "url:",
                "https");
        assertRefused(
                Map.of(
                        "sha",
                        UNKNOWN,
                        "context",
                        ConfigRepoFixture.CHECK,
                        "state",
                        "failure",
                        "description",
                        "x".repeat(600_000)),
                "description",
                "600000",
                "at most 1000");
    }

    private void assertRefused(Map<String, Object> arguments, String... words) {
        assertThatThrownBy(() -> steps.run(steps.build("app"), "reportCiStatus", arguments))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll(words);
    }
}
