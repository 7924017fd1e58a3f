package io.jenkins.plugins.gitops.configuration.repository;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.JobPatterns;
import io.jenkins.plugins.gitops.configuration.base.KeyTexts;
import io.jenkins.plugins.gitops.registry.SignaturePolicy;
import java.util.Collections;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The waves of a repository that take signed images only, and the keys whose signatures count, as configured. */
@Restricted(NoExternalUse.class)
public final class SignaturesDefinition implements Describable<SignaturesDefinition> {

    private final List<String> publicKeys;
    private final List<String> require;

    /**
     * Creates a definition.
     *
     * @param publicKeys keys of cosign in the PEM format
     * @param require the names of the waves
     */
    @DataBoundConstructor
    public SignaturesDefinition(@CheckForNull List<String> publicKeys, @CheckForNull List<String> require) {
        this.publicKeys = KeyTexts.split(publicKeys);
        this.require = JobPatterns.lines(require);
    }

    public List<String> getPublicKeys() {
        return Collections.unmodifiableList(publicKeys);
    }

    public List<String> getRequire() {
        return Collections.unmodifiableList(require);
    }

    /** The keys one below the other, for the form. */
    public String getPublicKeysAsText() { // jelly access only
        return String.join("\n", publicKeys);
    }

    /** One wave a line, for the form. */
    public String getRequireAsText() { // jelly access only
        return String.join("\n", require);
    }

    /**
     * Converts the definition.
     *
     * @throws IllegalArgumentException with a sentence
     */
    public SignaturePolicy toPolicy() {
        return new SignaturePolicy(publicKeys, require);
    }

    /** The form of signed images. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<SignaturesDefinition> {

        @Override
        public String getDisplayName() {
            return Messages.SignaturesDefinition_DisplayName();
        }

        /** Checks that these are public keys. */
        @POST
        public FormValidation doCheckPublicKeys(@QueryParameter String value) {
            return FormAccess.checkConversion(
                    () -> new SignaturesDefinition(List.of(Util.fixNull(value)), List.of("this")).toPolicy());
        }
    }
}
