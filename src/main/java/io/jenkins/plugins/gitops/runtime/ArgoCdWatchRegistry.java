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
import io.jenkins.plugins.gitops.runtime.executors.PluginExecutors;
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
 * The watches of Argo CD servers, one for each configured server that has targets of a wave, however many builds wait.
 * They start and end with the drivers, and are replaced when the configuration of their server changes.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class ArgoCdWatchRegistry implements ApplicationLookup {

    private final Map<String, RunningWatch> watched = new HashMap<>();

    private record RunningWatch(
            ArgoCdSettings settings, @CheckForNull String credentialsId, ArgoCdWatch watch, AutoCloseable following) {

        boolean isConfiguredAs(ArgoCdServerDefinition configured) {
            return settings.equals(configured.toSettings())
                    && Objects.equals(credentialsId, configured.getCredentialsId());
        }

        void close() {
            try {
                following.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The one instance of this controller. */
    public static ArgoCdWatchRegistry get() {
        return ExtensionList.lookupSingleton(ArgoCdWatchRegistry.class);
    }

    /** Watches exactly these servers, with their present configuration. */
    void watch(Set<String> servers) {
        List<RunningWatch> closing = new ArrayList<>();
        Set<String> fresh = new HashSet<>();
        synchronized (this) {
            Map<String, ArgoCdServerDefinition> configured = new HashMap<>();
            for (ArgoCdServerDefinition server : GitOpsWavesConfiguration.get().getArgoServers()) {
                configured.put(server.getName(), server);
            }
            for (String name : List.copyOf(watched.keySet())) {
                ArgoCdServerDefinition now = servers.contains(name) ? configured.get(name) : null;
                if (now == null || !watched.get(name).isConfiguredAs(now)) {
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
        closing.forEach(RunningWatch::close);
        fresh.forEach(DriverRegistry.get()::applicationsChanged);
    }

    private static RunningWatch watch(ArgoCdServerDefinition configured) {
        ArgoCdSettings settings = configured.toSettings();
        DriverRegistry drivers = DriverRegistry.get();
        PluginExecutors executors = drivers.executors();
        ArgoCdWatch watch = new ArgoCdWatch(
                open(configured),
                drivers.clock(),
                executors.timer(),
                executors.servers().of(settings.url()));
        return new RunningWatch(
                settings,
                configured.getCredentialsId(),
                watch,
                watch.follow(() -> drivers.applicationsChanged(settings.name())));
    }

    /** Creates the client of a server. */
    static ArgoCdClient open(ArgoCdServerDefinition configured) {
        ArgoCdSettings settings = configured.toSettings();
        String credentialsId = configured.getCredentialsId();
        return new ArgoCdClient(
                settings,
                ProxyConfiguration.newHttpClientBuilder().build(),
                () -> token(settings, credentialsId),
                DriverRegistry.get().clock(),
                DriverRegistry.get().executors().timer());
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

    /** Polls servers now, since their applications may have changed. */
    synchronized void pollNow(Set<String> servers) {
        watched.forEach((name, each) -> {
            if (servers.contains(name)) {
                each.watch().pollNow();
            }
        });
    }

    /** Asks Argo CD to synchronise a target, and reads it again soon. */
    CompletableFuture<Void> sync(TargetSelection targets, ApplicationId target) {
        RunningWatch known;
        synchronized (this) {
            known = watched.get(targets.server());
        }
        if (known != null) {
            Application application = known.watch().snapshot().applications().get(target);
            if (application != null && targets.selects(application)) {
                return known.watch().sync(application);
            }
        }
        return CompletableFuture.failedFuture(new ArgoCdUnavailable(
                "Argo CD " + targets.server() + " has no application " + target + " to synchronise."));
    }

    @Override
    public synchronized ServerSnapshot on(String server) {
        RunningWatch known = watched.get(server);
        return known != null
                ? known.watch().snapshot()
                : new ServerSnapshot(
                        Map.of(),
                        false,
                        Optional.of("There is no Argo CD server \"" + server + "\"; an administrator adds it under"
                                + " argoServers, or corrects argoServer of the wave."));
    }

    @Override
    public synchronized void refresh(String server, ApplicationId application) {
        RunningWatch known = watched.get(server);
        if (known != null) {
            known.watch().refresh(application);
        }
    }
}
