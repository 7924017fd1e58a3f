package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.RootAction;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A link to the configuration page for users who may configure this plugin and do not see Manage Jenkins, where the page
 * is found otherwise.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class ConfigurationShortcut implements RootAction {

    @Override
    @CheckForNull
    public String getIconFileName() {
        return FormAccess.mayConfigure() && !Jenkins.get().hasPermission(Jenkins.SYSTEM_READ)
                ? "symbol-settings"
                : null;
    }

    @Override
    public String getDisplayName() {
        return Messages.ConfigurationShortcut_DisplayName();
    }

    @Override
    public String getUrlName() {
        return "/manage/" + GitOpsWavesLink.URL;
    }
}
