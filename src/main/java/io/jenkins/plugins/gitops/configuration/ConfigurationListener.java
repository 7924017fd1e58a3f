package io.jenkins.plugins.gitops.configuration;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Is called after repositories or Argo CD servers of {@link GitOpsWavesConfiguration} were replaced and saved. */
@Restricted(NoExternalUse.class)
public abstract class ConfigurationListener implements ExtensionPoint {

    /** Called on the thread that changed the configuration. */
    public abstract void configurationChanged();

    static void fireConfigurationChanged() {
        ExtensionList.lookup(ConfigurationListener.class).forEach(ConfigurationListener::configurationChanged);
    }
}
