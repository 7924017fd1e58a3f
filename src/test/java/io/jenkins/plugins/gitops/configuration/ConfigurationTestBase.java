package io.jenkins.plugins.gitops.configuration;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.gitops.configuration.checks.ReportedCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.util.List;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/** Tests of the configuration with the Jenkins types that the sandbox implements; skipped where those are not. */
@Tag("sandbox")
abstract class ConfigurationTestBase {

    static final String URL = "https://git.example.com/acme/cfg-app.git";

    @BeforeEach
    void needsAHome() {
        assumeTrue(Jenkins.getInstanceOrNull() != null, "runs on the Jenkins types of the sandbox");
    }

    @AfterEach
    void close() {
        if (Jenkins.getInstanceOrNull() != null) {
            new DriverRegistry.Lifecycle().onBeforeShutdown();
        }
    }

    /** A repository with one check, which {@code reportCiStatus} reports. */
    static RepositoryDefinition repository(String name, String url) {
        RepositoryDefinition repository = new RepositoryDefinition(name, url);
        repository.setAllJobs(true);
        repository.setChecks(List.of(new ReportedCheckSource()));
        repository.setRequiredChecks(List.of(new RequiredCheckDefinition("ci/generated")));
        return repository;
    }
}
