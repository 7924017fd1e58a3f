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
 * Keeps in view what sources say of the commits that one repository's driver waits for, once for all who wait. Nothing
 * here waits: its methods may be called from anywhere.
 */
public final class CheckWatch implements AutoCloseable {

    private final List<StatusSource> sources;
    private final Map<String, SourceWatch> watches = new LinkedHashMap<>();
    private final List<StatusPublisher> posts = new ArrayList<>();
    private volatile Consumer<Boolean> onChange = hinted -> {};

    /**
     * A commit that the driver waits for.
     *
     * @param branches those that it is on, as far as that is known
     * @param tip whether it is the tip of one of them, which is what CI usually tests
     * @param open whether more is to be heard of it; else what was heard is only remembered
     */
    public record Wanted(String sha, Set<String> branches, boolean tip, boolean open) {
        public Wanted {
            branches = Set.copyOf(branches);
        }
    }

    /**
     * How often sources are asked.
     *
     * @param interval how long an undecided commit may go without being asked for
     * @param patience after how long without a word a commit that is no tip is asked for seldom
     */
    public record Pace(Duration interval, Duration patience) {}

    /**
     * Makes a watch that asks for nothing until something is wanted.
     *
     * @param required only their sources are asked
     * @param timer begins requests; is never blocked
     */
    public CheckWatch(
            List<StatusSource> sources,
            List<RequiredCheck> required,
            Pace pace,
            Clock clock,
            ScheduledExecutorService timer) {
        this(sources);
        for (StatusSource source : sources) {
            if (required.stream().anyMatch(check -> check.source().equals(source.name()))) {
                watches.put(
                        source.name(), new SourceWatch(source, pace, clock, timer, hinted -> onChange.accept(hinted)));
            }
            if (source instanceof ForgeClient forge && forge.settings().writeStatus()) {
                posts.add(new StatusPublisher(forge, timer));
            }
        }
    }

    private CheckWatch(List<StatusSource> sources) {
        this.sources = List.copyOf(sources);
    }

    /** A watch of a repository all of whose verdicts are reported. */
    public static CheckWatch ofNothing() {
        return new CheckWatch(List.of());
    }

    /**
     * Has it call this whenever it knows something else than before.
     *
     * @param onChange hears whether it was asked for because of a hint; should not take long
     */
    public void follow(Consumer<Boolean> onChange) {
        this.onChange = onChange;
    }

    /** What is known, by the name of the source. */
    public Map<String, StatusLookup> known() {
        return Map.copyOf(watches);
    }

    /** Watches these commits, and forgets all others. */
    public void watch(Collection<Wanted> commits) {
        watches.values().forEach(watch -> watch.watch(commits));
    }

    /** Asks for what is wanted now, since somebody says that something has changed; not more often than is any use. */
    public void lookNow() {
        watches.values().forEach(SourceWatch::lookNow);
    }

    /**
     * Whether what is known of a commit was asked for at that time or later. If not, it is asked for now.
     */
    public boolean isKnownSince(String sha, Instant time) {
        return watches.values().stream()
                .map(watch -> watch.isKnownSince(sha, time))
                .reduce(true, Boolean::logicalAnd);
    }

    /** Whether some forge is told what becomes of commits. */
    public boolean publishesStatuses() {
        return !posts.isEmpty();
    }

    /** Has forges show what queued commits wait for, by their SHAs; nothing else is waited for. */
    public void tellQueued(Map<String, OutgoingStatus> queued) {
        for (StatusPublisher each : posts) {
            each.forgetPending(queued.keySet());
            each.post(queued);
        }
    }

    /** Has forges show what became of commits, by their SHAs. */
    public void tellDecided(Map<String, OutgoingStatus> decided) {
        posts.forEach(each -> each.post(decided));
    }

    @Override
    public void close() {
        posts.forEach(StatusPublisher::close);
        watches.values().forEach(SourceWatch::close);
        sources.forEach(source -> {
            if (source instanceof ForgeClient forge) {
                forge.close();
            }
        });
    }
}
