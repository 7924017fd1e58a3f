package io.jenkins.plugins.gitops.configuration.checks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.ci.forges.ForgeSettings;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Verdicts of a forge that is found by the address of its pages, below which its API is: GitLab, Gitea or Forgejo. */
@Restricted(NoExternalUse.class)
public abstract class ServerCheckSource extends ForgeCheckSource {

    @CheckForNull
    private final String url;

    ServerCheckSource(@Nullable String url) {
        this.url = Util.fixEmptyAndTrim(url);
    }

    @CheckForNull
    public String getUrl() {
        return url;
    }

    @Override
    Optional<String> address() {
        return Optional.ofNullable(url);
    }

    /** The form of such a forge. */
    public abstract static class ServerDescriptor extends ForgeDescriptor {

        ServerDescriptor(ForgeSettings.ForgeKind kind) {
            super(kind);
        }

        /** Checks that the address can be used. */
        @POST
        public FormValidation doCheckUrl(@QueryParameter String value, @QueryParameter boolean allowInsecure) {
            return checkAddress(value, allowInsecure);
        }
    }
}
