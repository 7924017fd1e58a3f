package io.jenkins.plugins.gitops.runtime;

import hudson.Util;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.ci.StatusSource;
import io.jenkins.plugins.gitops.configuration.checks.CheckSource;
import io.jenkins.plugins.gitops.configuration.checks.ForgeCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.JenkinsJobCheckSource;
import java.util.List;
import java.util.Optional;

/** Creates the clients by which a driver reads check results, from the check sources of its repository. */
final class StatusSourceFactory {

    private StatusSourceFactory() {}

    /**
     * Opens the client of a source; the caller closes it. Empty if the source is not polled, since its check results
     * are reported to Jenkins.
     *
     * @param checks the required checks that are bound to the source
     */
    static Optional<StatusSource> open(CheckSource source, List<RequiredCheck> checks) {
        if (source instanceof ForgeCheckSource forge) {
            return Optional.of(
                    ForgeRegistry.get().open(forge.toSettings().readingFor(checks), forge.getCredentialsId()));
        }
        if (source instanceof JenkinsJobCheckSource runs) {
            return Optional.of(new JobRunStatuses(
                    Util.fixNull(runs.getJob()),
                    checks.stream().map(RequiredCheck::name).toList(),
                    DriverRegistry.get().executors().servers().of("job " + runs.getJob()),
                    runs.isRestartBroken() ? Optional.of(JobRunStatuses::restart) : Optional.empty()));
        }
        return Optional.empty();
    }
}
