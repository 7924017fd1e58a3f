package io.jenkins.plugins.gitops.configuration.base;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.flux.ClusterLogin;
import io.jenkins.plugins.gitops.flux.ClusterSettings;
import io.jenkins.plugins.gitops.flux.ClusterUnavailable;
import io.jenkins.plugins.gitops.flux.KubeconfigReader;
import io.jenkins.plugins.gitops.flux.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The stored login of a cluster: a secret text with a token, or a secret file that is a kubeconfig. It is looked up for
 * each request, so that what replaces it is used at once.
 */
@Restricted(NoExternalUse.class)
public final class ClusterCredentials implements KubernetesClient.LoginSource {

    private final ClusterSettings settings;

    @CheckForNull
    private final String id;

    /** The file that was read last, since to open its keys takes longer than to compare it. */
    @CheckForNull
    private volatile ReadFile read;

    private record ReadFile(byte[] content, ClusterLogin login) {

        boolean is(byte[] other) {
            return Arrays.equals(content, other);
        }
    }

    public ClusterCredentials(ClusterSettings settings, @CheckForNull String id) {
        this.settings = settings;
        this.id = id;
    }

    @Override
    public ClusterLogin get() throws ClusterUnavailable {
        StringCredentials token = find(StringCredentials.class, settings.url());
        try {
            if (token != null) {
                return ClusterLogin.withToken(settings, token.getSecret().getPlainText());
            }
            FileCredentials file = find(FileCredentials.class, settings.url());
            if (file != null) {
                return kubeconfig(file);
            }
        } catch (IllegalArgumentException e) {
            throw unusable(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw unusable("cannot be read from the store of credentials; store it anew");
        }
        throw new ClusterUnavailable("The cluster " + settings.name()
                + ": there is neither a secret text with a token nor a secret file with a kubeconfig under the id \""
                + id + "\"; an administrator adds one, or corrects credentialsId.");
    }

    private ClusterLogin kubeconfig(FileCredentials file) throws IOException, ClusterUnavailable {
        byte[] content;
        try (InputStream in = file.getContent()) {
            content = in.readNBytes(KubeconfigReader.MAX_BYTES + 1);
        }
        ReadFile last = read;
        if (last == null || !last.is(content)) {
            last = new ReadFile(content, KubeconfigReader.read(settings, content));
            read = last;
        }
        // Where the url is not configured, only the file itself tells to which addresses it may be sent.
        if (find(FileCredentials.class, last.login().url()) == null) {
            throw unusable("is in a domain of credentials that does not have its server; correct that domain");
        }
        return last.login();
    }

    /** Why the login cannot be used now, as a sentence; empty if it can. */
    public Optional<String> problem() {
        try {
            get();
            return Optional.empty();
        } catch (ClusterUnavailable e) {
            return Optional.ofNullable(e.getMessage());
        }
    }

    private ClusterUnavailable unusable(String why) {
        return new ClusterUnavailable("The cluster " + settings.name() + ": the credentials \"" + id + "\" cannot be"
                + " used: what they hold " + why.replaceFirst("\\.$", "") + ".");
    }

    @CheckForNull
    private <C extends IdCredentials> C find(Class<C> type, String url) {
        return id == null
                ? null
                : CredentialsProvider.findCredentialByIdInItemGroup(
                        id,
                        type,
                        Jenkins.get(),
                        ACL.SYSTEM2,
                        url.isEmpty()
                                ? List.of()
                                : URIRequirementBuilder.fromUri(url).build());
    }
}
