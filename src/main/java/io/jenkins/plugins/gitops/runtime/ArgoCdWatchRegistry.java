package io.jenkins.plugins.gitops.runtime;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.ProxyConfiguration;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.ApplicationLookup;
import io.jenkins.plugins.gitops.argocd.ArgoCdClient;
import io.jenkins.plugins.gitops.argocd.ArgoCdSettings;
import io.jenkins.plugins.gitops.argocd.ArgoCdWatch;
import io.jenkins.plugins.gitops.argocd.ServerSnapshot;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.common.ArgoCdUnavailable;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.configuration.ArgoCdServerDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.runtime.executors.PluginExecutors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The watches of Argo CD servers, one for each configured server that has targets of a wave, however many builds wait.
 * They start and end with the drivers, and are replaced when the configuration of their server changes.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class ArgoCdWatchRegistry implements ApplicationLookup {

    private final RunningWatches<ArgoCdServerDefinition, FollowedWatch> watches = new RunningWatches<>(
            server -> Arrays.asList(server.toSettings(), server.getCredentialsId()),
            ArgoCdWatchRegistry::start,
            FollowedWatch::close);

    /** A watch that tells the drivers of changes, and ends when nobody follows it. */
    private record FollowedWatch(ArgoCdWatch watch, Subscription following) {

        void close() {
            following.close();
        }
    }

    /** The one instance of this controller. */
    public static ArgoCdWatchRegistry get() {
        return ExtensionList.lookupSingleton(ArgoCdWatchRegistry.class);
    }

    /** Watches exactly these servers, with their present configuration. */
    void watch(Set<String> servers) {
        Map<String, ArgoCdServerDefinition> configured = new HashMap<>();
        GitOpsWavesConfiguration.get().getArgoServers().forEach(server -> configured.put(server.getName(), server));
        watches.watch(servers, configured).forEach(DriverRegistry.get()::applicationsChanged);
    }

    private static FollowedWatch start(ArgoCdServerDefinition configured) {
        ArgoCdSettings settings = configured.toSettings();
        DriverRegistry drivers = DriverRegistry.get();
        PluginExecutors executors = drivers.executors();
        ArgoCdWatch watch =
                new ArgoCdWatch(open(configured), drivers.clock(), executors.timer(), executors.callbacks());
        return new FollowedWatch(watch, watch.follow(() -> drivers.applicationsChanged(settings.name())));
    }

    /** Creates the client of a server. */
    static ArgoCdClient open(ArgoCdServerDefinition configured) {
        ArgoCdSettings settings = configured.toSettings();
        String credentialsId = configured.getCredentialsId();
        PluginExecutors executors = DriverRegistry.get().executors();
        return new ArgoCdClient(
                settings,
                ProxyConfiguration.newHttpClientBuilder().build(),
                () -> token(settings, credentialsId),
                executors.servers().of(settings.url()),
                DriverRegistry.get().clock(),
                executors.timer());
    }

    /** The token, looked up for each request, so that a replaced token is used at once and no secret is kept. */
    private static String token(ArgoCdSettings settings, @CheckForNull String credentialsId) throws ArgoCdUnavailable {
        StringCredentials found = credentialsId == null
                ? null
                : CredentialsProvider.findCredentialByIdInItemGroup(
                        credentialsId,
                        StringCredentials.class,
                        Jenkins.get(),
                        ACL.SYSTEM2,
                        URIRequirementBuilder.fromUri(settings.url()).build());
        if (found == null) {
            throw new ArgoCdUnavailable("Argo CD " + settings.name() + ": there is no secret text \"" + credentialsId
                    + "\" with a token; an administrator adds it under that id, or corrects credentialsId.");
        }
        return found.getSecret().getPlainText();
    }

    private Optional<ArgoCdWatch> find(String server) {
        return watches.find(server).map(FollowedWatch::watch);
    }

    /** Polls servers now, since their applications may have changed. */
    void pollNow(Set<String> servers) {
        servers.forEach(server -> find(server).ifPresent(ArgoCdWatch::pollNow));
    }

    /** Asks Argo CD to synchronise a target, and reads it again soon. */
    CompletableFuture<Void> sync(TargetSelection targets, ApplicationId target) {
        Optional<ArgoCdWatch> watch = find(targets.server());
        return watch.map(known -> known.snapshot().applications().get(target))
                .filter(targets::selects)
                .map(application -> watch.get().sync(application))
                .orElseGet(() -> CompletableFuture.failedFuture(new ArgoCdUnavailable(
                        "Argo CD " + targets.server() + " has no application " + target + " to synchronise.")));
    }

    @Override
    public ServerSnapshot on(String server) {
        return find(server)
                .map(ArgoCdWatch::snapshot)
                .orElseGet(() -> new ServerSnapshot(
                        Map.of(),
                        false,
                        Optional.of("There is no Argo CD server \"" + server + "\"; an administrator adds it under"
                                + " argoServers, or corrects argoServer of the wave.")));
    }

    @Override
    public void refresh(String server, ApplicationId application) {
        find(server).ifPresent(watch -> watch.refresh(application));
    }
}
