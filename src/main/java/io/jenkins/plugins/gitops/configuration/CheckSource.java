package io.jenkins.plugins.gitops.configuration;

import hudson.ExtensionPoint;
import hudson.model.Describable;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Where the verdicts on commits of a config repository come from. */
@Restricted(NoExternalUse.class)
public abstract class CheckSource implements Describable<CheckSource>, ExtensionPoint {

    /** The name by which a required check refers to this source. */
    abstract String name();

    /** Whether it asks a forge, whose webhooks can tell of changes. */
    boolean isForge() {
        return true;
    }
}
