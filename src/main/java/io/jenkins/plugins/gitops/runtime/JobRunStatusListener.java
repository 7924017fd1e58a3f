package io.jenkins.plugins.gitops.runtime;

import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.JenkinsJobCheckSource;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Makes drivers poll when a build of a job starts or ends whose results are verdicts on their commits. */
@Extension
@Restricted(NoExternalUse.class)
public final class JobRunStatusListener extends RunListener<Run<?, ?>> {

    @Override
    public void onStarted(Run<?, ?> run, TaskListener listener) {
        pollRepositoriesOf(run);
    }

    @Override
    public void onFinalized(Run<?, ?> run) {
        pollRepositoriesOf(run);
    }

    private static void pollRepositoriesOf(Run<?, ?> run) {
        for (RepositoryDefinition repository : GitOpsWavesConfiguration.get().getRepositories()) {
            boolean decides = repository.getChecks().stream()
                    .anyMatch(source -> source instanceof JenkinsJobCheckSource runs && runs.covers(run.getParent()));
            String name = repository.getName();
            if (decides && name != null) {
                DriverRegistry.get().checksChanged(name);
            }
        }
    }
}
