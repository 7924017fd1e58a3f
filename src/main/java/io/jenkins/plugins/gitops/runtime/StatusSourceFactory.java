package io.jenkins.plugins.gitops.runtime;

import hudson.Util;
import io.jenkins.plugins.gitops.ci.StatusSource;
import io.jenkins.plugins.gitops.configuration.checks.CheckSource;
import io.jenkins.plugins.gitops.configuration.checks.ForgeCheckSource;
import io.jenkins.plugins.gitops.configuration.checks.JenkinsJobCheckSource;
import java.util.List;
import java.util.Optional;

/** Makes the clients that a driver asks for verdicts from the check sources of its repository. */
final class StatusSourceFactory {

    private StatusSourceFactory() {}

    /**
     * Opens the client of a source; whoever opens it closes it. Empty if the source is not asked, since its verdicts
     * are reported to Jenkins.
     *
     * @param checks the names of the required checks that are bound to the source
     */
    static Optional<StatusSource> open(CheckSource source, List<String> checks) {
        if (source instanceof ForgeCheckSource forge) {
            return Optional.of(ForgeRegistry.get().open(forge.toSettings(), forge.getCredentialsId()));
        }
        if (source instanceof JenkinsJobCheckSource runs) {
            return Optional.of(new JobRunStatuses(
                    Util.fixNull(runs.getJob()), checks, DriverRegistry.get().pool()));
        }
        return Optional.empty();
    }
}
