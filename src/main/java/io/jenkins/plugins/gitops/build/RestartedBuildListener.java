package io.jenkins.plugins.gitops.build;

import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Gives a build that restarts another one its images from the beginning, also in its environment. */
@Extension
@Restricted(NoExternalUse.class)
public final class RestartedBuildListener extends RunListener<Run<?, ?>> {

    @Override
    public void onStarted(Run<?, ?> run, TaskListener listener) {
        if (OriginalDelivery.of(run).isPresent()) {
            DeliveryAction.of(run);
        }
    }
}
