package io.jenkins.plugins.gitops.configuration;

import hudson.Extension;
import hudson.Util;
import hudson.model.AdministrativeMonitor;
import io.jenkins.plugins.gitops.configuration.base.JobPatterns;
import java.util.List;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Warns administrators of repositories that every job may write, and of checks that jobs of every branch may report.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class UnprotectedRepositoriesMonitor extends AdministrativeMonitor {

    @Override
    public String getDisplayName() {
        return Messages.UnprotectedRepositoriesMonitor_DisplayName();
    }

    @Override
    public boolean isActivated() {
        return !getSentences().isEmpty();
    }

    /** A sentence for each of the repositories. */
    public List<String> getSentences() {
        return GitOpsWavesConfiguration.get().getRepositories().stream()
                .flatMap(UnprotectedRepositoriesMonitor::sentences)
                .toList();
    }

    private static Stream<String> sentences(RepositoryDefinition repository) {
        String name = Util.fixNull(repository.getName());
        Stream<String> jobs =
                repository.isAllJobs() && repository.getAllowedJobs().isEmpty()
                        ? Stream.of(Messages.UnprotectedRepositoriesMonitor_AllJobs(name))
                        : Stream.empty();
        Stream<String> reporters = repository.getRequiredChecks().stream()
                .flatMap(check -> JobPatterns.reportersWarning(check.getReporters()).stream())
                .map(sentence -> Messages.UnprotectedRepositoriesMonitor_Reporters(name, sentence));
        return Stream.concat(jobs, reporters);
    }

    /** The path of the configuration page, below the root of Jenkins. */
    public String getPage() { // jelly access only
        return "manage/" + GitOpsWavesLink.URL;
    }
}
