package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionPoint;
import hudson.model.Describable;
import io.jenkins.plugins.gitops.ci.StatusSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Where the verdicts on commits of a config repository come from. */
@Restricted(NoExternalUse.class)
public abstract class CheckSource implements Describable<CheckSource>, ExtensionPoint {

    /** The name by which a required check refers to this source. */
    abstract String name();

    /** What is wrong with it, after the name of the field, or null. */
    @CheckForNull
    String problem() {
        return null;
    }

    /**
     * Who is to be asked for verdicts, if anybody is.
     *
     * @param checks the names of the required checks that are bound to it
     * @param pool for what may block
     */
    Optional<StatusSource> open(List<String> checks, Executor pool) {
        return Optional.empty();
    }

    /** Whether it asks a forge, whose webhooks can tell of changes. */
    boolean isForge() {
        return true;
    }
}
