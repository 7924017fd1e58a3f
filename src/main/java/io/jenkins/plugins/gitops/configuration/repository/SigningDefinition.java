package io.jenkins.plugins.gitops.configuration.repository;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.configuration.base.CredentialTypes;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.signing.SigningKeyReader;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The key with which the commits of a config repository are signed, as configured. */
@Restricted(NoExternalUse.class)
public final class SigningDefinition implements Describable<SigningDefinition> {

    @CheckForNull
    private final String credentialsId;

    /**
     * Creates a definition.
     *
     * @param credentialsId the stored private key, of ssh or OpenPGP
     */
    @DataBoundConstructor
    public SigningDefinition(String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    /** The form of a signing key. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<SigningDefinition> {

        @Override
        public String getDisplayName() {
            return Messages.SigningDefinition_DisplayName();
        }

        /** Offers private keys to administrators, and to all other users only the present value. */
        @POST
        public ListBoxModel doFillCredentialsIdItems(@AncestorInPath Item item, @QueryParameter String credentialsId) {
            return FormAccess.credentialsItems(item, credentialsId, null, CredentialTypes.PRIVATE_KEY);
        }

        /** Checks that the stored key can be found and can sign, and shows its public part to administrators. */
        @POST
        public FormValidation doCheckCredentialsId(@QueryParameter String value) {
            FormValidation checked = FormAccess.checkCredentials(
                    value, null, CredentialTypes.PRIVATE_KEY, Messages::SigningDefinition_NoKey);
            String id = Util.fixEmptyAndTrim(value);
            return id == null || !FormAccess.mayAdminister() || checked.kind != FormValidation.Kind.OK
                    ? checked
                    : tried(id);
        }

        private static FormValidation tried(String id) {
            SSHUserPrivateKey found = CredentialsProvider.findCredentialByIdInItemGroup(
                    id, SSHUserPrivateKey.class, Jenkins.get(), ACL.SYSTEM2, List.of());
            if (found == null || found.getPrivateKeys().isEmpty()) {
                return FormAccess.warning(Messages.SigningDefinition_NoKey(id));
            }
            Secret passphrase = found.getPassphrase();
            try {
                CommitSigner signer = SigningKeyReader.read(
                        found.getPrivateKeys().get(0),
                        passphrase == null ? null : Util.fixEmpty(passphrase.getPlainText()));
                return FormValidation.ok(
                        Messages.SigningDefinition_Signs(signer.publicKey().orElseThrow()));
            } catch (IllegalArgumentException e) {
                return FormValidation.error(Messages.SigningDefinition_Unusable(id, e.getMessage()));
            }
        }
    }
}
