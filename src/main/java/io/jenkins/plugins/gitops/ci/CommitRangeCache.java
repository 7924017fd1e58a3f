package io.jenkins.plugins.gitops.ci;

import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.Futures;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The commits between pairs of commits. Each pair is read once however many pages show it, since what is between two
 * commits does not change; a pair that could not be read is read again after some minutes. Thread-safe.
 */
public final class CommitRangeCache {

    private static final int MOST_PAIRS = 500;
    private static final Duration RETRY_AFTER = Duration.ofMinutes(5);

    private final CommitSource source;
    private final Clock clock;

    /** The answers by their pairs, the least recently used first. Guarded by this. */
    private final Map<Pair, Answer> answers = new LinkedHashMap<>(16, 0.75f, true);

    private record Pair(String from, String to) {}

    private record Answer(CompletableFuture<CommitRange> range, Instant requested) {}

    /** Creates an empty cache. */
    public CommitRangeCache(CommitSource source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    /**
     * Returns the commits that one commit contains and another does not; empty while they are being read, which a
     * first request for them begins.
     */
    public Optional<CommitRange> find(String from, String to) {
        return Optional.ofNullable(read(from, to).getNow(null));
    }

    /** Reads the commits that one commit contains and another does not. It never fails: the range says why. */
    public synchronized CompletableFuture<CommitRange> read(String from, String to) {
        if (!CommitSha.isFull(from) || !CommitSha.isFull(to)) {
            return CompletableFuture.completedFuture(
                    CommitRange.unknown("One of the two releases was not announced with a full commit SHA."));
        }
        var pair = new Pair(from, to);
        Answer known = answers.get(pair);
        if (known != null && !isOver(known)) {
            return known.range();
        }
        CompletableFuture<CommitRange> range = source.commitsBetween(from, to)
                .exceptionally(failure -> CommitRange.unknown(
                        String.valueOf(Futures.cause(failure).getMessage())));
        answers.put(pair, new Answer(range, clock.instant()));
        if (answers.size() > MOST_PAIRS) {
            answers.remove(answers.keySet().iterator().next());
        }
        return range;
    }

    private boolean isOver(Answer answer) {
        CommitRange range = answer.range().getNow(null);
        return range != null
                && range.problem().isPresent()
                && !clock.instant().isBefore(answer.requested().plus(RETRY_AFTER));
    }
}
