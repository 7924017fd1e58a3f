package io.jenkins.plugins.gitops.runtime;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.ProxyConfiguration;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.argocd.Application;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.ApplicationLookup;
import io.jenkins.plugins.gitops.argocd.ArgoCdClient;
import io.jenkins.plugins.gitops.argocd.ArgoCdSettings;
import io.jenkins.plugins.gitops.argocd.ArgoCdWatch;
import io.jenkins.plugins.gitops.argocd.ServerSnapshot;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.common.ArgoCdUnavailable;
import io.jenkins.plugins.gitops.configuration.ArgoCdServerDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The watches of this controller, one for each configured Argo CD server that a wave names, however many builds wait.
 * They start and end with the drivers, and are replaced when the configuration changes.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class ArgoCdWatchRegistry implements ApplicationLookup {

    private final Map<String, Watched> watched = new HashMap<>();

    private record Watched(
            ArgoCdSettings settings, @CheckForNull String credentialsId, ArgoCdWatch watch, AutoCloseable following) {

        void close() {
            try {
                following.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The servers of this controller. */
    public static ArgoCdWatchRegistry get() {
        return ExtensionList.lookupSingleton(ArgoCdWatchRegistry.class);
    }

    /** Watches these servers, as they are configured now, and no others. */
    void watch(Set<String> servers) {
        List<Watched> closing = new ArrayList<>();
        Set<String> fresh = new HashSet<>();
        synchronized (this) {
            Map<String, ArgoCdServerDefinition> configured = new HashMap<>();
            for (ArgoCdServerDefinition server : GitOpsWavesConfiguration.get().getArgoServers()) {
                configured.put(server.getName(), server);
            }
            for (String name : List.copyOf(watched.keySet())) {
                ArgoCdServerDefinition now = servers.contains(name) ? configured.get(name) : null;
                if (now == null || !isAs(watched.get(name), now)) {
                    closing.add(watched.remove(name));
                }
            }
            for (String name : servers) {
                if (configured.containsKey(name) && !watched.containsKey(name)) {
                    watched.put(name, watch(configured.get(name)));
                    fresh.add(name);
                }
            }
        }
        closing.forEach(Watched::close);
        fresh.forEach(DriverRegistry.get()::applicationsChanged);
    }

    private static boolean isAs(Watched watched, ArgoCdServerDefinition configured) {
        return watched.settings().equals(configured.toSettings())
                && Objects.equals(watched.credentialsId(), configured.getCredentialsId());
    }

    private static Watched watch(ArgoCdServerDefinition configured) {
        ArgoCdSettings settings = configured.toSettings();
        DriverRegistry drivers = DriverRegistry.get();
        ArgoCdWatch watch = new ArgoCdWatch(open(configured), drivers.clock(), drivers.timer(), drivers.pool());
        return new Watched(
                settings,
                configured.getCredentialsId(),
                watch,
                watch.follow(() -> drivers.applicationsChanged(settings.name())));
    }

    /** A way to ask a server, as it is configured. */
    static ArgoCdClient open(ArgoCdServerDefinition configured) {
        ArgoCdSettings settings = configured.toSettings();
        String credentialsId = configured.getCredentialsId();
        return new ArgoCdClient(
                settings,
                ProxyConfiguration.newHttpClientBuilder().build(),
                () -> token(settings, credentialsId),
                DriverRegistry.get().clock(),
                DriverRegistry.get().timer());
    }

    /** Looked up at each use, so that a token that was replaced is used at once, and nothing secret is kept. */
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

    /** Looks at a server soon, since somebody says that something has changed there. */
    synchronized void lookNow(Set<String> servers) {
        watched.forEach((name, each) -> {
            if (servers.contains(name)) {
                each.watch().lookNow();
            }
        });
    }

    /**
     * Asks for a target to be synchronised, and looks at it soon.
     *
     * @param name of the application
     */
    CompletableFuture<Void> sync(TargetSelection targets, String name) {
        Watched known;
        synchronized (this) {
            known = watched.get(targets.server());
        }
        if (known != null) {
            for (Application application :
                    known.watch().snapshot().applications().values()) {
                if (application.id().name().equals(name) && targets.selects(application)) {
                    return known.watch().sync(application);
                }
            }
        }
        return CompletableFuture.failedFuture(new ArgoCdUnavailable(
                "Argo CD " + targets.server() + " has no application " + name + " to synchronise."));
    }

    @Override
    public synchronized ServerSnapshot on(String server) {
        Watched known = watched.get(server);
        return known != null
                ? known.watch().snapshot()
                : new ServerSnapshot(
                        Map.of(),
                        false,
                        Optional.of("There is no Argo CD server \"" + server
                                + "\"; an administrator adds it under argoServers, or corrects argoServer of the wave."));
    }

    @Override
    public synchronized void refresh(String server, ApplicationId application) {
        Watched known = watched.get(server);
        if (known != null) {
            known.watch().refresh(application);
        }
    }
}
