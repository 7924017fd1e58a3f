package com.cloudbees.jenkins.plugins.sshcredentials.impl;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.impl.BaseStandardCredentials;
import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.util.Secret;
import java.util.List;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/** Implemented. */
public class BasicSSHUserPrivateKey extends BaseStandardCredentials implements SSHUserPrivateKey {
    private final String username;
    private final PrivateKeySource privateKeySource;

    private final Secret passphrase;

    @DataBoundConstructor
    public BasicSSHUserPrivateKey(
            CredentialsScope scope,
            String id,
            String username,
            PrivateKeySource privateKeySource,
            String passphrase,
            String description) {
        super(scope, id, description);
        this.username = Util.fixNull(username);
        this.privateKeySource = privateKeySource;
        this.passphrase = Util.fixEmpty(passphrase) == null ? null : Secret.fromString(passphrase);
    }

    @Override
    public String getUsername() {
        return username;
    }

    @Override
    public List<String> getPrivateKeys() {
        return privateKeySource.getPrivateKeys();
    }

    @Override
    public Secret getPassphrase() {
        return passphrase;
    }

    @Extension
    @Symbol("basicSSHUserPrivateKey")
    public static class DescriptorImpl extends BaseStandardCredentialsDescriptor {
        @Override
        public String getDisplayName() {
            return "SSH Username with private key";
        }
    }

    public abstract static class PrivateKeySource extends AbstractDescribableImpl<PrivateKeySource> {
        public abstract List<String> getPrivateKeys();
    }

    /** Implemented. */
    public static class DirectEntryPrivateKeySource extends PrivateKeySource {
        private final Secret privateKey;

        @DataBoundConstructor
        public DirectEntryPrivateKeySource(String privateKey) {
            this.privateKey = Secret.fromString(privateKey);
        }

        @Override
        public List<String> getPrivateKeys() {
            return List.of(privateKey.getPlainText());
        }

        @Extension
        @Symbol("directEntry")
        public static class DescriptorImpl extends Descriptor<PrivateKeySource> {
            @Override
            public String getDisplayName() {
                return "Enter directly";
            }
        }
    }
}
