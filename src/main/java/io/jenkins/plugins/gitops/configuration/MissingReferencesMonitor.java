package io.jenkins.plugins.gitops.configuration;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Warns administrators of references to servers and credentials that do not exist, before a delivery fails. */
@Extension
@Restricted(NoExternalUse.class)
public final class MissingReferencesMonitor extends AdministrativeMonitor {

    @Override
    public String getDisplayName() {
        return Messages.MissingReferencesMonitor_DisplayName();
    }

    @Override
    public boolean isActivated() {
        return !getSentences().isEmpty();
    }

    /** A sentence for each missing reference. */
    public List<String> getSentences() {
        return GitOpsWavesConfiguration.get().missingReferences();
    }

    /** The path of the configuration page, below the root of Jenkins. */
    public String getPage() { // jelly access only
        return "manage/" + GitOpsWavesLink.URL;
    }
}
