package io.jenkins.plugins.gitops.configuration.base;

import hudson.ExtensionPoint;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Gives access to the privileged settings that the saved configuration has. The configuration of the plugin implements
 * it.
 */
@Restricted(NoExternalUse.class)
public interface SavedPrivileges extends ExtensionPoint {

    /** The privileged settings that are saved, which users without the permission to administer may keep and test. */
    List<PrivilegedSetting> privilegedSettings();
}
