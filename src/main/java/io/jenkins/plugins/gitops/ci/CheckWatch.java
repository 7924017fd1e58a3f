package io.jenkins.plugins.gitops.ci;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * Watches the check results of the commits that one repository's driver waits for, and publishes the plugin's own
 * statuses to forges. No method blocks, so all may be called from any thread.
 */
public final class CheckWatch implements AutoCloseable {

    private final List<StatusSource> sources;
    private final Map<String, SourceWatch> watches = new LinkedHashMap<>();
    private final List<StatusPublisher> publishers = new ArrayList<>();
    private volatile Consumer<Boolean> onChange = hinted -> {};

    /**
     * A commit that the driver waits for.
     *
     * @param branches the known branches that contain the commit
     * @param tip whether the commit is the tip of one of them, since CI usually tests tips
     * @param open whether the commit is polled; otherwise its known results are only kept
     */
    public record WatchedCommit(String sha, Set<String> branches, boolean tip, boolean open) {
        public WatchedCommit {
            branches = Set.copyOf(branches);
        }
    }

    /**
     * The intervals at which sources are polled.
     *
     * @param interval the time between two requests for an undecided commit
     * @param patience the time without any result after which a commit that is no tip is requested seldom
     */
    public record PollingPace(Duration interval, Duration patience) {}

    /**
     * Creates a watch that sends no request until commits are watched.
     *
     * @param sources the sources of results; they are closed with the watch
     * @param required only the sources of these checks are polled
     * @param timer starts requests; is never blocked
     */
    public CheckWatch(
            List<StatusSource> sources,
            List<RequiredCheck> required,
            PollingPace pace,
            Clock clock,
            ScheduledExecutorService timer) {
        this(sources);
        for (StatusSource source : sources) {
            if (required.stream().anyMatch(check -> check.source().equals(source.name()))) {
                watches.put(
                        source.name(), new SourceWatch(source, pace, clock, timer, hinted -> onChange.accept(hinted)));
            }
            if (source instanceof StatusTarget target && target.isEnabled()) {
                publishers.add(new StatusPublisher(target, timer));
            }
        }
    }

    private CheckWatch(List<StatusSource> sources) {
        this.sources = List.copyOf(sources);
    }

    /** Returns a watch without sources, for a repository all of whose check results are reported to the plugin. */
    public static CheckWatch ofNothing() {
        return new CheckWatch(List.of());
    }

    /**
     * Sets the only listener.
     *
     * @param onChange is called when a result has changed, with whether it was requested because of a hint; must not
     *     block
     */
    public void follow(Consumer<Boolean> onChange) {
        this.onChange = onChange;
    }

    /** Returns the known results of each source, by the name of the source. */
    public Map<String, StatusLookup> known() {
        return Map.copyOf(watches);
    }

    /** Replaces the watched commits; the results of all others are dropped. */
    public void watch(Collection<WatchedCommit> commits) {
        watches.values().forEach(watch -> watch.watch(commits));
    }

    /** Requests open commits soon, because of a hint that something has changed; many hints are combined. */
    public void pollNow() {
        watches.values().forEach(SourceWatch::pollNow);
    }

    /**
     * Returns whether the known results of a commit were requested at that time or later. If not, they are requested
     * now, and the listener is called when they arrive.
     */
    public boolean isKnownSince(String sha, Instant time) {
        return watches.values().stream()
                .map(watch -> watch.isKnownSince(sha, time))
                .reduce(true, Boolean::logicalAnd);
    }

    /** Returns whether statuses are published to any forge. */
    public boolean publishesStatuses() {
        return !publishers.isEmpty();
    }

    /** Publishes the pending statuses of queued commits, by their SHAs; unsent ones of other commits are dropped. */
    public void publishQueued(Map<String, OutgoingStatus> queued) {
        for (StatusPublisher each : publishers) {
            each.dropPending(queued.keySet());
            each.post(queued);
        }
    }

    /** Publishes the outcomes of commits, by their SHAs. */
    public void publishDecided(Map<String, OutgoingStatus> decided) {
        publishers.forEach(each -> each.post(decided));
    }

    @Override
    public void close() {
        publishers.forEach(StatusPublisher::close);
        watches.values().forEach(SourceWatch::close);
        sources.forEach(StatusSource::close);
    }
}
