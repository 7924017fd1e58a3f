package io.jenkins.plugins.gitops.runtime;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.ProxyConfiguration;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.ci.forges.ForgeClient;
import io.jenkins.plugins.gitops.ci.forges.ForgeSettings;
import io.jenkins.plugins.gitops.ci.forges.RateLimit;
import io.jenkins.plugins.gitops.common.ForgeUnavailable;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Opens clients of forges. All clients of one address with the same credentials share one rate limit. */
@Extension
@Restricted(NoExternalUse.class)
public final class ForgeRegistry {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final Map<Account, RateLimit> rateLimits = new HashMap<>();

    @CheckForNull
    private HttpClient client;

    private record Account(String url, Optional<String> credentialsId) {}

    /** The one instance of this controller. */
    public static ForgeRegistry get() {
        return ExtensionList.lookupSingleton(ForgeRegistry.class);
    }

    /** Opens a client of a forge; the caller closes it. */
    public synchronized ForgeClient open(ForgeSettings settings, @CheckForNull String credentialsId) {
        DriverRegistry drivers = DriverRegistry.get();
        if (client == null) {
            client = ProxyConfiguration.newHttpClientBuilder()
                    .connectTimeout(CONNECT)
                    .build();
        }
        RateLimit rateLimit =
                rateLimits.computeIfAbsent(new Account(settings.url(), Optional.ofNullable(credentialsId)), account -> {
                    var fresh = new RateLimit(drivers.clock());
                    MetricsListener.all()
                            .forEach(metrics -> metrics.forgeUsed(settings.url(), credentialsId, fresh::usage));
                    return fresh;
                });
        return ForgeClient.of(
                settings,
                client,
                drivers.executors().timer(),
                drivers.executors().servers().of(settings.url()),
                () -> token(settings, credentialsId),
                rateLimit);
    }

    /**
     * The token, looked up for each request, so that a replaced token, or the fresh token that a GitHub App has as its
     * password, is used at once and no secret is kept. Null without credentials.
     */
    private static Optional<String> token(ForgeSettings settings, @CheckForNull String id) throws ForgeUnavailable {
        if (id == null) {
            return Optional.empty();
        }
        var domain = URIRequirementBuilder.fromUri(settings.url()).build();
        StandardUsernamePasswordCredentials withName = CredentialsProvider.findCredentialByIdInItemGroup(
                id, StandardUsernamePasswordCredentials.class, Jenkins.get(), ACL.SYSTEM2, domain);
        if (withName != null) {
            return Optional.of(withName.getPassword().getPlainText());
        }
        StringCredentials text = CredentialsProvider.findCredentialByIdInItemGroup(
                id, StringCredentials.class, Jenkins.get(), ACL.SYSTEM2, domain);
        if (text == null) {
            throw new ForgeUnavailable(settings.kind() + " (" + settings.url() + "): there are no credentials \"" + id
                    + "\", neither user and password nor a secret text; an administrator adds them under that id, or "
                    + "corrects credentialsId.");
        }
        return Optional.of(text.getSecret().getPlainText());
    }
}
