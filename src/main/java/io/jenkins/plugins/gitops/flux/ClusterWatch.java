package io.jenkins.plugins.gitops.flux;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.common.DelayedExecutor;
import io.jenkins.plugins.gitops.flux.FluxObject.FluxId;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Watches the objects of Flux in a cluster, by one list and one watch for each kind, from its creation until it is
 * closed. No method blocks, and all may be called from any thread.
 */
public final class ClusterWatch implements AutoCloseable {

    private final KubernetesClient cluster;
    private final List<KindWatch> kinds;
    private final DelayedExecutor executor;
    private final Runnable onChange;
    private final AtomicBoolean notifying = new AtomicBoolean();

    /**
     * Creates a watch and starts it.
     *
     * @param timer hands tasks to the pool; is never blocked
     * @param pool calls the listener
     * @param onChange is called on a thread of the pool when the {@link #snapshot} has changed
     */
    public ClusterWatch(
            KubernetesClient cluster, Clock clock, ScheduledExecutorService timer, Executor pool, Runnable onChange) {
        this.cluster = cluster;
        this.executor = new DelayedExecutor(timer, pool);
        this.onChange = onChange;
        this.kinds = Stream.of(FluxKind.values())
                .map(kind -> new KindWatch(cluster, kind, clock, executor, this::scheduleNotification))
                .toList();
        kinds.forEach(KindWatch::start);
    }

    /** Several changes that follow one another are reported together. */
    private void scheduleNotification() {
        if (notifying.compareAndSet(false, true)) {
            executor.execute(() -> {
                notifying.set(false);
                onChange.run();
            });
        }
    }

    /** Returns the settings of the cluster. */
    public ClusterSettings settings() {
        return cluster.settings();
    }

    /** Returns the objects as they were last seen. */
    public ClusterSnapshot snapshot() {
        var objects = new HashMap<FluxId, FluxObject>();
        kinds.forEach(kind -> kind.addTo(objects));
        Optional<String> trouble =
                kinds.stream().flatMap(kind -> kind.trouble().stream()).findFirst();
        return new ClusterSnapshot(new TreeMap<>(objects), kinds.stream().allMatch(KindWatch::isRead), trouble);
    }

    /** Lists all objects again now, for example since a webhook reports a change. */
    public void pollNow() {
        kinds.forEach(KindWatch::start);
    }

    /**
     * Asks Flux to reconcile a target of a wave now, with the source that it takes its manifests from; fails with {@link
     * ClusterUnavailable} if there is none or the cluster refuses it.
     *
     * @param id as its {@code TargetState} names it
     */
    public CompletableFuture<Void> reconcile(FluxSelection targets, ApplicationId id) {
        Map<FluxId, FluxObject> all = snapshot().objects();
        Optional<FluxObject> target = all.values().stream()
                .filter(targets::selects)
                .filter(object -> FluxJudge.targetId(object.id()).equals(id))
                .findFirst();
        if (target.isEmpty()) {
            return CompletableFuture.failedFuture(new ClusterUnavailable(
                    "The cluster " + settings().name() + " has no target " + id + " to reconcile."));
        }
        CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
        FluxObject applied = target.get().owner().map(all::get).orElse(target.get());
        for (FluxId each : Stream.concat(
                        applied.spec().source().stream(),
                        Stream.of(applied.id(), target.get().id()))
                .distinct()
                .toList()) {
            done = done.thenCompose(before -> cluster.reconcile(each));
        }
        return done;
    }

    @Override
    public void close() {
        kinds.forEach(KindWatch::close);
    }
}
