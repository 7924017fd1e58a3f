package io.jenkins.plugins.gitops.configuration.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The fields of a system to which others refer by a name. */
@Restricted(NoExternalUse.class)
public abstract class NamedSystemDefinition extends RemoteSystemDefinition {

    @CheckForNull
    private final String name;

    @CheckForNull
    private final String url;

    /**
     * Creates a definition with defaults for everything else.
     *
     * @param name by which others refer to it
     * @param url the address at which it is reached
     */
    protected NamedSystemDefinition(@CheckForNull String name, @CheckForNull String url) {
        this.name = Util.fixEmptyAndTrim(name);
        this.url = Util.fixEmptyAndTrim(url);
    }

    @CheckForNull
    public final String getName() {
        return name;
    }

    @CheckForNull
    public final String getUrl() {
        return url;
    }
}
