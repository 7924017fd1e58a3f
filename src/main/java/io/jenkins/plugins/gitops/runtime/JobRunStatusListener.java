package io.jenkins.plugins.gitops.runtime;

import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.JenkinsJobCheckSource;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Has repositories looked at when a run begins or ends that decides about one of their commits. */
@Extension
@Restricted(NoExternalUse.class)
public final class JobRunStatusListener extends RunListener<Run<?, ?>> {

    @Override
    public void onStarted(Run<?, ?> run, TaskListener listener) {
        tell(run);
    }

    @Override
    public void onFinalized(Run<?, ?> run) {
        tell(run);
    }

    private static void tell(Run<?, ?> run) {
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
