package io.jenkins.plugins.gitops.build;

import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Gives a build that restarts or replays another one the images and changes of that one, before its first step, so that
 * they are in its environment from the beginning.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class RestartedBuildListener extends RunListener<Run<?, ?>> {

    @Override
    public void onStarted(Run<?, ?> run, TaskListener listener) {
        InheritedDelivery.of(run).ifPresent(delivery -> DeliveryAction.of(run).inherit(delivery));
    }
}
