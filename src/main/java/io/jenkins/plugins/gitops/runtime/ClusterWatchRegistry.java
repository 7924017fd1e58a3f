package io.jenkins.plugins.gitops.runtime;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.ProxyConfiguration;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.configuration.ClusterDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.base.ClusterCredentials;
import io.jenkins.plugins.gitops.flux.ClusterLookup;
import io.jenkins.plugins.gitops.flux.ClusterSettings;
import io.jenkins.plugins.gitops.flux.ClusterSnapshot;
import io.jenkins.plugins.gitops.flux.ClusterUnavailable;
import io.jenkins.plugins.gitops.flux.ClusterWatch;
import io.jenkins.plugins.gitops.flux.FluxSelection;
import io.jenkins.plugins.gitops.flux.KubernetesClient;
import io.jenkins.plugins.gitops.runtime.executors.PluginExecutors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The watches of clusters with Flux, one for each configured cluster that has targets of a wave, however many builds
 * wait. They start and end with the drivers, and are replaced when the configuration of their cluster changes.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class ClusterWatchRegistry implements ClusterLookup {

    private final Map<String, RunningWatch> watched = new HashMap<>();

    private record RunningWatch(
            ClusterSettings settings, @CheckForNull String credentialsId, ClusterWatch watch) {

        boolean isConfiguredAs(ClusterDefinition configured) {
            return settings.equals(configured.toSettings())
                    && Objects.equals(credentialsId, configured.getCredentialsId());
        }
    }

    /** The one instance of this controller. */
    public static ClusterWatchRegistry get() {
        return ExtensionList.lookupSingleton(ClusterWatchRegistry.class);
    }

    /** Watches exactly these clusters, with their present configuration. */
    void watch(Set<String> clusters) {
        List<RunningWatch> closing = new ArrayList<>();
        Set<String> fresh = new HashSet<>();
        synchronized (this) {
            Map<String, ClusterDefinition> configured = new HashMap<>();
            GitOpsWavesConfiguration.get().getClusters().forEach(cluster -> configured.put(cluster.getName(), cluster));
            for (String name : List.copyOf(watched.keySet())) {
                ClusterDefinition now = clusters.contains(name) ? configured.get(name) : null;
                if (now == null || !watched.get(name).isConfiguredAs(now)) {
                    closing.add(watched.remove(name));
                }
            }
            for (String name : clusters) {
                if (configured.containsKey(name) && !watched.containsKey(name)) {
                    watched.put(name, watch(configured.get(name)));
                    fresh.add(name);
                }
            }
        }
        closing.forEach(each -> each.watch().close());
        fresh.forEach(DriverRegistry.get()::clusterChanged);
    }

    private static RunningWatch watch(ClusterDefinition configured) {
        ClusterSettings settings = configured.toSettings();
        DriverRegistry drivers = DriverRegistry.get();
        PluginExecutors executors = drivers.executors();
        return new RunningWatch(
                settings,
                configured.getCredentialsId(),
                new ClusterWatch(
                        open(configured),
                        drivers.clock(),
                        executors.timer(),
                        executors.servers().of(settings.serverKey()),
                        () -> drivers.clusterChanged(settings.name())));
    }

    /** Creates the client of a cluster. */
    static KubernetesClient open(ClusterDefinition configured) {
        ClusterSettings settings = configured.toSettings();
        return new KubernetesClient(
                settings,
                ProxyConfiguration::newHttpClientBuilder,
                new ClusterCredentials(settings, configured.getCredentialsId()),
                DriverRegistry.get().clock(),
                DriverRegistry.get().executors().timer());
    }

    /** Lists the objects of clusters now, since they may have changed. */
    synchronized void pollNow(Set<String> clusters) {
        watched.forEach((name, each) -> {
            if (clusters.contains(name)) {
                each.watch().pollNow();
            }
        });
    }

    /** Asks Flux to reconcile a target now. */
    CompletableFuture<Void> reconcile(FluxSelection targets, ApplicationId target) {
        RunningWatch known;
        synchronized (this) {
            known = watched.get(targets.cluster());
        }
        return known == null
                ? CompletableFuture.failedFuture(
                        new ClusterUnavailable("The cluster " + targets.cluster() + " is not watched."))
                : known.watch().reconcile(targets, target);
    }

    @Override
    public synchronized ClusterSnapshot in(String cluster) {
        RunningWatch known = watched.get(cluster);
        return known != null
                ? known.watch().snapshot()
                : ClusterSnapshot.unknown("There is no cluster \"" + cluster
                        + "\"; an administrator adds it under clusters, or corrects fluxCluster of the wave.");
    }
}
