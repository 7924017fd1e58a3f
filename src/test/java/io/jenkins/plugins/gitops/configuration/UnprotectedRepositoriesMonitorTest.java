package io.jenkins.plugins.gitops.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.configuration.checks.ReportedCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What everybody may write, or report, is a choice that administrators are reminded of. */
@Tag("sandbox")
class UnprotectedRepositoriesMonitorTest extends ConfigurationTestBase {

    private final UnprotectedRepositoriesMonitor monitor = new UnprotectedRepositoriesMonitor();

    private static void configure(boolean allJobs, List<String> allowedJobs, List<String> reporters) {
        var repository = new RepositoryDefinition("cfg-app", "https://git.example.com/acme/cfg-app.git");
        repository.setAllJobs(allJobs);
        repository.setAllowedJobs(allowedJobs);
        repository.setChecks(List.of(new ReportedCheckSource()));
        var check = new RequiredCheckDefinition("ci/check");
        check.setReporters(reporters);
        repository.setRequiredChecks(List.of(check));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    @Test
    void aRepositoryThatEveryJobMayWriteIsNamed() {
        configure(true, List.of(), List.of("acme/cfg-app/master"));
        assertThat(monitor.isActivated()).isTrue();
        assertThat(monitor.getSentences()).singleElement().asString().contains("cfg-app");

        configure(false, List.of("acme/**"), List.of("acme/cfg-app/master"));
        assertThat(monitor.isActivated()).isFalse();
    }

    /** A pull request's job would match, too; it is refused, and whoever wrote the pattern may not have meant it. */
    @Test
    void reportersThatNameNoBranchAreNamed() {
        configure(false, List.of("acme/**"), List.of("acme/cfg-app/**"));

        assertThat(monitor.getSentences()).singleElement().asString().contains("cfg-app", "acme/cfg-app/**");
    }
}
