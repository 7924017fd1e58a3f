package io.jenkins.plugins.gitops.steps;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.util.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;

/** Credentials in the system's store. */
public final class TestCredentials {

    private TestCredentials() {}

    static void add(String id, String user, String password) throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, id, "", user, password));
    }

    static void addFile(String id, String content) throws IOException {
        var credentials = SystemCredentialsProvider.getInstance().getCredentials();
        credentials.removeIf(
                each -> each instanceof FileCredentialsImpl file && file.getId().equals(id));
        credentials.add(new FileCredentialsImpl(
                CredentialsScope.GLOBAL,
                id,
                "",
                "kubeconfig.yaml",
                SecretBytes.fromBytes(content.getBytes(StandardCharsets.UTF_8))));
        SystemCredentialsProvider.getInstance().save();
    }

    public static void addSecret(String id, String secret) throws IOException {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "", Secret.fromString(secret)));
        SystemCredentialsProvider.getInstance().save();
    }
}
