package io.jenkins.plugins.gitops.runtime;

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
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
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

    private final RunningWatches<ClusterDefinition, ClusterWatch> watches = new RunningWatches<>(
            cluster -> Arrays.asList(cluster.toSettings(), cluster.getCredentialsId()),
            ClusterWatchRegistry::start,
            ClusterWatch::close);

    /** The one instance of this controller. */
    public static ClusterWatchRegistry get() {
        return ExtensionList.lookupSingleton(ClusterWatchRegistry.class);
    }

    /** Watches exactly these clusters, with their present configuration. */
    void watch(Set<String> clusters) {
        Map<String, ClusterDefinition> configured = new HashMap<>();
        GitOpsWavesConfiguration.get().getClusters().forEach(cluster -> configured.put(cluster.getName(), cluster));
        watches.watch(clusters, configured).forEach(DriverRegistry.get()::clusterChanged);
    }

    private static ClusterWatch start(ClusterDefinition configured) {
        ClusterSettings settings = configured.toSettings();
        DriverRegistry drivers = DriverRegistry.get();
        PluginExecutors executors = drivers.executors();
        return new ClusterWatch(
                open(configured),
                drivers.clock(),
                executors.timer(),
                executors.callbacks(),
                () -> drivers.clusterChanged(settings.name()));
    }

    /** Creates the client of a cluster. */
    static KubernetesClient open(ClusterDefinition configured) {
        ClusterSettings settings = configured.toSettings();
        PluginExecutors executors = DriverRegistry.get().executors();
        return new KubernetesClient(
                settings,
                ProxyConfiguration::newHttpClientBuilder,
                new ClusterCredentials(settings, configured.getCredentialsId()),
                executors.servers().of(settings.serverKey()),
                DriverRegistry.get().clock(),
                executors.timer());
    }

    /** Lists the objects of clusters now, since they may have changed. */
    void pollNow(Set<String> clusters) {
        clusters.forEach(cluster -> watches.find(cluster).ifPresent(ClusterWatch::pollNow));
    }

    /** Asks Flux to reconcile a target now. */
    CompletableFuture<Void> reconcile(FluxSelection targets, ApplicationId target) {
        return watches.find(targets.cluster())
                .map(watch -> watch.reconcile(targets, target))
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new ClusterUnavailable("The cluster " + targets.cluster() + " is not watched.")));
    }

    @Override
    public ClusterSnapshot in(String cluster) {
        return watches.find(cluster)
                .map(ClusterWatch::snapshot)
                .orElseGet(() -> ClusterSnapshot.unknown("There is no cluster \"" + cluster
                        + "\"; an administrator adds it under clusters, or corrects fluxCluster of the wave."));
    }
}
