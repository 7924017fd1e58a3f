package io.jenkins.plugins.gitops.flux;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.Backoff;
import io.jenkins.plugins.gitops.common.DelayedExecutor;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.flux.FluxObject.FluxId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * The objects of one kind in one cluster: they are listed once, and a watch reports changes from the version of the
 * list on. A watch that ends goes on from the last version that it has reported; the list is read anew when the server
 * has forgotten that version, or after a failure.
 */
final class KindWatch implements AutoCloseable {

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(1);

    /** The time after which a kind is looked for again that the cluster does not know. */
    private static final Duration UNKNOWN_KIND = Duration.ofMinutes(5);

    private final KubernetesClient cluster;
    private final FluxKind kind;
    private final Clock clock;
    private final DelayedExecutor executor;
    private final Runnable onNews;

    // All below is guarded by this.
    private final Map<FluxId, FluxObject> objects = new HashMap<>();
    private final Backoff backoff = new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF);
    private boolean read;
    private boolean closed;
    private Optional<String> trouble = Optional.empty();
    private String version = "";

    /** Counts the watches, so that events of one that was given up are ignored. */
    private int watchNumber;

    @CheckForNull
    private Subscription connection;

    @CheckForNull
    private Future<?> next;

    /** @param onNews is called when an object or the trouble has changed, with the lock held */
    KindWatch(KubernetesClient cluster, FluxKind kind, Clock clock, DelayedExecutor executor, Runnable onNews) {
        this.cluster = cluster;
        this.kind = kind;
        this.clock = clock;
        this.executor = executor;
        this.onNews = onNews;
    }

    synchronized boolean isRead() {
        return read;
    }

    synchronized Optional<String> trouble() {
        return trouble;
    }

    synchronized void addTo(Map<FluxId, FluxObject> all) {
        all.putAll(objects);
    }

    /** Lists the objects now, and watches from there. */
    synchronized void start() {
        schedule(Duration.ZERO, this::list);
    }

    private void schedule(Duration delay, Runnable task) {
        if (next != null) {
            next.cancel(false);
        }
        if (!closed) {
            next = executor.schedule(delay, task);
        }
    }

    private void list() {
        cluster.list(kind).whenComplete(this::listed);
    }

    private synchronized void listed(@Nullable KubernetesClient.Listing listing, @Nullable Throwable failure) {
        if (closed) {
            return;
        }
        if (listing == null) {
            fail((ClusterUnavailable) Futures.cause(Objects.requireNonNull(failure)));
            return;
        }
        var listed = new HashMap<FluxId, FluxObject>();
        listing.objects().forEach(object -> listed.put(object.id(), object));
        boolean isNews = !read || trouble.isPresent() || !listed.equals(objects);
        objects.clear();
        objects.putAll(listed);
        read = true;
        trouble = Optional.empty();
        version = listing.resourceVersion();
        if (isNews) {
            onNews.run();
        }
        if (listing.isKnownKind()) {
            watch();
        } else {
            schedule(Backoff.jittered(UNKNOWN_KIND), this::list);
        }
    }

    /** Opens a watch from the last version on. */
    private synchronized void watch() {
        if (closed) {
            return;
        }
        int number = ++watchNumber;
        if (connection != null) {
            connection.close();
            connection = null;
        }
        String from = version;
        Instant opened = clock.instant();
        executor.execute(() -> {
            Subscription made = cluster.watch(kind, from, new Events(number, opened));
            synchronized (this) {
                if (!closed && number == watchNumber) {
                    connection = made;
                    return;
                }
            }
            made.close();
        });
    }

    private void fail(ClusterUnavailable why) {
        boolean isNews = !trouble.equals(Optional.of(why.getMessage()));
        trouble = Optional.of(why.getMessage());
        if (isNews) {
            onNews.run();
        }
        Duration delay = Backoff.jittered(backoff.next());
        Duration wanted = why.retryAfter().orElse(Duration.ZERO);
        schedule(delay.compareTo(wanted) > 0 ? delay : wanted, this::list);
    }

    /** The events of one watch. */
    private final class Events implements KubernetesClient.WatchListener {

        private final int number;
        private final Instant opened;

        Events(int number, Instant opened) {
            this.number = number;
            this.opened = opened;
        }

        private boolean isCurrent() {
            return !closed && number == watchNumber;
        }

        @Override
        public void changed(FluxObject object, String resourceVersion) {
            synchronized (KindWatch.this) {
                if (isCurrent()
                        && objects.size() >= KubernetesClient.MOST_OBJECTS
                        && !objects.containsKey(object.id())) {
                    giveUp();
                } else if (isCurrent()) {
                    version = resourceVersion;
                    if (!object.equals(objects.put(object.id(), object))) {
                        onNews.run();
                    }
                }
            }
        }

        private void giveUp() {
            watchNumber++;
            if (connection != null) {
                connection.close();
                connection = null;
            }
            fail(cluster.tooMany(kind));
        }

        @Override
        public void deleted(FluxId id, String resourceVersion) {
            synchronized (KindWatch.this) {
                if (isCurrent()) {
                    version = resourceVersion;
                    if (objects.remove(id) != null) {
                        onNews.run();
                    }
                }
            }
        }

        @Override
        public void reached(String resourceVersion) {
            synchronized (KindWatch.this) {
                if (isCurrent()) {
                    version = resourceVersion;
                }
            }
        }

        /** A server that ends watches at once is asked ever more seldom. */
        @Override
        public void ended() {
            synchronized (KindWatch.this) {
                if (isCurrent()) {
                    if (Duration.between(opened, clock.instant()).compareTo(backoff.last()) > 0) {
                        backoff.reset();
                    }
                    schedule(Backoff.jittered(backoff.next()), KindWatch.this::watch);
                }
            }
        }

        @Override
        public void expired() {
            synchronized (KindWatch.this) {
                if (isCurrent()) {
                    schedule(Backoff.jittered(backoff.next()), KindWatch.this::list);
                }
            }
        }

        @Override
        public void failed(ClusterUnavailable why) {
            synchronized (KindWatch.this) {
                if (isCurrent()) {
                    fail(why);
                }
            }
        }
    }

    @Override
    public void close() {
        Subscription open;
        synchronized (this) {
            closed = true;
            if (next != null) {
                next.cancel(false);
            }
            open = connection;
        }
        if (open != null) {
            open.close();
        }
    }
}
