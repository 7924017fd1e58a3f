package org.jenkinsci.plugins.plaincredentials.impl;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.impl.BaseStandardCredentials;
import hudson.Extension;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.kohsuke.stapler.DataBoundConstructor;

/** Implemented. */
public final class FileCredentialsImpl extends BaseStandardCredentials implements FileCredentials {
    private final String fileName;
    private final SecretBytes secretBytes;

    @DataBoundConstructor
    public FileCredentialsImpl(
            CredentialsScope scope, String id, String description, String fileName, SecretBytes secretBytes) {
        super(scope, id, description);
        this.fileName = fileName;
        this.secretBytes = secretBytes;
    }

    @Override
    public String getFileName() {
        return fileName;
    }

    public SecretBytes getSecretBytes() {
        return secretBytes;
    }

    @Override
    public InputStream getContent() {
        return new ByteArrayInputStream(SecretBytes.getPlainData(secretBytes));
    }

    @Extension
    @Symbol("file")
    public static class DescriptorImpl extends BaseStandardCredentialsDescriptor {
        @Override
        public String getDisplayName() {
            return "Secret file";
        }
    }
}
