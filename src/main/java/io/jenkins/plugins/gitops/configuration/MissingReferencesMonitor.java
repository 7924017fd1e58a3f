package io.jenkins.plugins.gitops.configuration;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Tells administrators what the configuration names and is not there, before a delivery finds out. */
@Extension
@Restricted(NoExternalUse.class)
public final class MissingReferencesMonitor extends AdministrativeMonitor {

    @Override
    public String getDisplayName() {
        return Messages.DanglingMonitor_DisplayName();
    }

    @Override
    public boolean isActivated() {
        return !getSentences().isEmpty();
    }

    /** What is missing. */
    public List<String> getSentences() {
        return GitOpsWavesConfiguration.get().dangling();
    }

    /** Where it is put right, from the root of Jenkins. */
    public String getPage() { // jelly access only
        return "manage/" + GitOpsWavesLink.URL;
    }
}
