package io.jenkins.plugins.gitops.controller;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.util.Secret;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;

/** A configuration in which every field has another value than its default, and the credentials that it names. */
final class EveryFieldFixture {

    private EveryFieldFixture() {}

    /** The configuration as code. */
    static String yaml() {
        try {
            return Files.readString(Path.of(EveryFieldFixture.class
                    .getResource("/configuration/every-field.yaml")
                    .toURI()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static void credentials() throws Exception {
        var stored = SystemCredentialsProvider.getInstance().getCredentials();
        stored.add(new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "git", "", "bot", "a-long-password"));
        stored.add(new BasicSSHUserPrivateKey(
                CredentialsScope.GLOBAL,
                "signing-key",
                "gitops-waves",
                new BasicSSHUserPrivateKey.DirectEntryPrivateKeySource("a private key"),
                null,
                null));
        for (String id : List.of(
                "images",
                "deployed",
                "forge",
                "reporters",
                "verify",
                "argo-token",
                "gitlab-token",
                "hook-secret",
                "app-read")) {
            stored.add(new StringCredentialsImpl(
                    CredentialsScope.GLOBAL, id, "", Secret.fromString("a-long-token-for-" + id)));
        }
    }

    static void configure() throws Exception {
        credentials();
        apply(yaml());
    }

    static void apply(String yaml) throws IOException {
        Path file = Files.createTempFile("configuration", ".yaml");
        try {
            ConfigurationAsCode.get().configure(Files.writeString(file, yaml).toString());
        } finally {
            Files.delete(file);
        }
    }
}
