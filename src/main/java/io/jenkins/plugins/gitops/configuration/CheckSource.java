package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionPoint;
import hudson.model.Describable;
import io.jenkins.plugins.gitops.ci.StatusSource;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Where the verdicts on commits of a config repository come from. */
@Restricted(NoExternalUse.class)
public abstract class CheckSource implements Describable<CheckSource>, ExtensionPoint {

    /** The name by which a required check refers to this source. */
    abstract String name();

    /**
     * Looks whether it can be used.
     *
     * @throws IllegalArgumentException with a sentence that begins with the field, if not
     */
    void check() {}

    /** Equal as long as nothing about it is configured differently. */
    Object asConfigured() {
        return name();
    }

    /**
     * What a driver asks, to be closed by it; null where nobody is asked.
     *
     * @param checks the names of the required checks that are bound to it
     */
    @CheckForNull
    StatusSource open(List<String> checks) {
        return null;
    }
}
