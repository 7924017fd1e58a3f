package io.jenkins.plugins.gitops.configuration;

import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Has repositories looked at when a run begins or ends that decides about one of their commits. */
@Extension
@Restricted(NoExternalUse.class)
public final class JobRunsListener extends RunListener<Run<?, ?>> {

    @Override
    public void onStarted(Run<?, ?> run, TaskListener listener) {
        tell(run);
    }

    @Override
    public void onFinalized(Run<?, ?> run) {
        tell(run);
    }

    private static void tell(Run<?, ?> run) {
        for (ConfigRepository repository : GitOpsWaves.get().getRepositories()) {
            boolean decides = repository.getChecks().stream()
                    .anyMatch(source -> source instanceof JenkinsJobChecks runs && runs.covers(run.getParent()));
            String name = repository.getName();
            if (decides && name != null) {
                Drivers.get().checksChanged(name);
            }
        }
    }
}
