package io.jenkins.plugins.gitops.configuration.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;

/** The fields that the definitions of other systems share: how they are reached. */
@Restricted(NoExternalUse.class)
public abstract class RemoteSystemDefinition {

    @CheckForNull
    private String credentialsId;

    private boolean allowInsecure;

    @CheckForNull
    public final String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public final void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    public final boolean isAllowInsecure() {
        return allowInsecure;
    }

    @DataBoundSetter
    public final void setAllowInsecure(boolean allowInsecure) {
        this.allowInsecure = allowInsecure;
    }
}
