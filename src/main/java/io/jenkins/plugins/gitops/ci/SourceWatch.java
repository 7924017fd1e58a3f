package io.jenkins.plugins.gitops.ci;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.ci.CheckWatch.PollingPace;
import io.jenkins.plugins.gitops.ci.CheckWatch.WatchedCommit;
import io.jenkins.plugins.gitops.common.Backoff;
import io.jenkins.plugins.gitops.common.ForgeUnavailable;
import io.jenkins.plugins.gitops.common.Futures;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Polls one source for the watched commits: open ones at each interval, those without any result seldom, and all of
 * them less often when the rate limit of the source is low. While the source fails, one commit is requested at a time,
 * with growing delays.
 */
final class SourceWatch implements StatusLookup {

    private static final Logger LOGGER = Logger.getLogger(SourceWatch.class.getName());

    /** The least time between two requests for one commit, however many hints arrive. */
    private static final Duration LEAST_PAUSE = Duration.ofMillis(500);

    /** The number of commits that are requested because of one hint. */
    private static final int MOST_HINTED = 25;

    /**
     * The least time between two requests for one commit grows by {@link #LEAST_PAUSE} for each multiple of this number
     * of hinted commits.
     */
    private static final int HINTED_PER_PAUSE = 5;

    private static final int SELDOM_FACTOR = 10;
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(5);

    private final StatusSource source;
    private final PollingPace pace;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final Consumer<Boolean> onChange;

    // Guarded by this.
    private final Map<String, CommitState> commits = new LinkedHashMap<>();
    private Duration pause = Duration.ZERO;
    private final Backoff backoff;

    /** The time until which no request is sent, after a failure. */
    private Instant restsUntil = Instant.MIN;

    private boolean failing;

    /** Whether the source asked for that pause, by {@code Retry-After}. */
    private boolean restRequested;

    private boolean closed;

    @CheckForNull
    private ScheduledFuture<?> nextPoll;

    /** A watched commit with its known results. */
    private final class CommitState {
        private final String sha;
        private final Instant first = clock.instant();
        private final Set<String> branches = new HashSet<>();
        private boolean tip;
        private boolean open;
        private boolean underWay;
        private boolean hinted;

        /**
         * Whether the listener is called at the next response even if nothing has changed, see {@link #isKnownSince}.
         */
        private boolean awaited;

        private Instant due = first;
        private Instant lastRequested = Instant.MIN;

        /** The time at which the request of the last response was sent. */
        private Instant knownAsOf = Instant.MIN;

        private SourceResponse response = notYetRequested();

        /** The results that the source has sent last, which remain known while it fails. */
        private List<CheckResult> lastResults = List.of();

        CommitState(String sha) {
            this.sha = sha;
        }

        void watch(WatchedCommit wanted) {
            // Branches are added only, since a result may be of a branch that has moved on since.
            branches.addAll(wanted.branches());
            boolean news = wanted.tip() && !tip || wanted.open() && !open;
            tip = wanted.tip();
            open = wanted.open();
            if (news) {
                due = earlier(due, clock.instant());
            }
        }

        boolean mayBeRequested() {
            return open && !underWay;
        }

        /** Returns the rank of the commit, lower if its verdict is expected sooner. */
        int rank() {
            return tip ? 0 : response.results().isEmpty() ? 2 : 1;
        }

        Request begin(Instant now) {
            underWay = true;
            lastRequested = now;
            due = planned();
            var request = new Request(this, Set.copyOf(branches), hinted, due);
            hinted = false;
            return request;
        }

        /** Returns when the commit is due again if no hint arrives before. */
        Instant planned() {
            boolean silent = rank() == 2 && !clock.instant().isBefore(first.plus(pace.patience()));
            Duration interval = silent ? pace.interval().multipliedBy(SELDOM_FACTOR) : pace.interval();
            Duration granted = pause.multipliedBy(openCommits());
            return lastRequested.plus(granted.compareTo(interval) > 0 ? granted : interval);
        }
    }

    /**
     * A request for one commit that is under way.
     *
     * @param hinted whether the request was made because of a hint
     * @param nextDue when the commit was due again as the request began
     */
    private record Request(CommitState commit, Set<String> branches, boolean hinted, Instant nextDue) {}

    /**
     * Creates a watch without commits.
     *
     * @param onChange is called when a result has changed, with whether it was requested because of a hint
     */
    SourceWatch(
            StatusSource source,
            PollingPace pace,
            Clock clock,
            ScheduledExecutorService timer,
            Consumer<Boolean> onChange) {
        this.source = source;
        this.pace = pace;
        this.backoff = new Backoff(FIRST_BACKOFF, pace.interval().multipliedBy(SELDOM_FACTOR));
        this.clock = clock;
        this.timer = timer;
        this.onChange = onChange;
    }

    private SourceResponse notYetRequested() {
        return SourceResponse.failed(source.name() + " has not been asked about it yet.");
    }

    private int openCommits() {
        return (int) commits.values().stream().filter(commit -> commit.open).count();
    }

    @Override
    public synchronized SourceResponse of(String sha) {
        CommitState commit = commits.get(sha);
        return commit == null ? notYetRequested() : commit.response;
    }

    /** Replaces the watched commits; the results of all others are dropped. */
    void watch(Collection<WatchedCommit> wanted) {
        synchronized (this) {
            var shas = new HashSet<String>();
            wanted.forEach(each -> shas.add(each.sha()));
            commits.keySet().retainAll(shas);
            wanted.forEach(each ->
                    commits.computeIfAbsent(each.sha(), CommitState::new).watch(each));
        }
        requestDue();
    }

    /** Requests open commits soon, because of a hint that something has changed. */
    void pollNow() {
        synchronized (this) {
            List<CommitState> hinted = commits.values().stream()
                    .filter(commit -> commit.open)
                    .sorted(Comparator.comparing(CommitState::rank)
                            .thenComparing(commit -> commit.first, Comparator.reverseOrder()))
                    .limit(MOST_HINTED)
                    .toList();
            Duration apart = LEAST_PAUSE.multipliedBy(1 + hinted.size() / HINTED_PER_PAUSE);
            for (CommitState commit : hinted) {
                commit.hinted = true;
                commit.due = earlier(commit.due, soonest(commit, apart));
            }
            if (failing && !restRequested) {
                restsUntil = Instant.MIN;
            }
        }
        requestDue();
    }

    /** See {@link CheckWatch#isKnownSince}. */
    boolean isKnownSince(String sha, Instant time) {
        synchronized (this) {
            CommitState commit = commits.get(sha);
            if (commit == null || !commit.knownAsOf.isBefore(time)) {
                return true;
            }
            commit.due = earlier(commit.due, soonest(commit, LEAST_PAUSE));
            commit.awaited = true;
        }
        requestDue();
        return false;
    }

    private Instant soonest(CommitState commit, Duration apart) {
        return commit.lastRequested.equals(Instant.MIN)
                ? clock.instant()
                : later(clock.instant(), commit.lastRequested.plus(apart));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Requests all commits that are due, and schedules the next run. */
    private void requestDue() {
        var requests = new ArrayList<Request>();
        synchronized (this) {
            if (closed) {
                return;
            }
            Instant now = clock.instant();
            boolean resting = now.isBefore(restsUntil);
            boolean trying = failing && commits.values().stream().anyMatch(commit -> commit.underWay);
            if (!resting && !trying) {
                List<CommitState> due = commits.values().stream()
                        .filter(commit -> commit.mayBeRequested() && !commit.due.isAfter(now))
                        .sorted(Comparator.comparing(CommitState::rank).thenComparing(commit -> commit.due))
                        .limit(failing ? 1 : Integer.MAX_VALUE)
                        .toList();
                due.forEach(commit -> requests.add(commit.begin(now)));
            }
            if (!trying) {
                scheduleNext(now);
            }
        }
        requests.forEach(this::send);
    }

    private void scheduleNext(Instant now) {
        if (nextPoll != null) {
            nextPoll.cancel(false);
            nextPoll = null;
        }
        Instant rested = restsUntil;
        commits.values().stream()
                .filter(CommitState::mayBeRequested)
                .map(commit -> later(commit.due, rested))
                .min(Comparator.naturalOrder())
                .ifPresent(next -> nextPoll = timer.schedule(
                        this::requestDue,
                        Math.max(1, Duration.between(now, next).toMillis()),
                        TimeUnit.MILLISECONDS));
    }

    private void send(Request request) {
        CommitState commit = request.commit();
        fetch(commit.sha, request.branches()).whenComplete((result, failure) -> {
            boolean news;
            synchronized (this) {
                commit.underWay = false;
                commit.knownAsOf = commit.lastRequested;
                SourceResponse before = commit.response;
                if (failure == null) {
                    commit.lastResults = CheckResult.countBroken(commit.lastResults, result.results(), clock.instant());
                    commit.response = SourceResponse.of(commit.lastResults, result.unread());
                    succeeded(result);
                } else {
                    commit.response = SourceResponse.failed(sentence(failure));
                    failed(retryAfter(failure));
                }
                // A hint that arrived meanwhile may have made the commit due earlier.
                if (commit.due.equals(request.nextDue())) {
                    commit.due = commit.planned();
                }
                boolean asAwaited = commit.awaited && failure == null;
                if (asAwaited) {
                    commit.awaited = false;
                }
                news = (asAwaited || !commit.response.equals(before)) && commits.get(commit.sha) == commit;
            }
            if (news) {
                notifyListener(request.hinted());
            }
            requestDue();
        });
    }

    private CompletableFuture<StatusSource.PollResult> fetch(String sha, Set<String> branches) {
        try {
            return source.fetch(sha, branches);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void succeeded(StatusSource.PollResult result) {
        pause = result.pause();
        if (failing) {
            Instant now = clock.instant();
            commits.values().stream()
                    .filter(commit -> commit.response.problem().isPresent())
                    .forEach(commit -> commit.due = earlier(commit.due, now));
        }
        failing = false;
        restRequested = false;
        backoff.reset();
        restsUntil = Instant.MIN;
    }

    private void failed(Optional<Duration> retryAfter) {
        failing = true;
        restRequested = retryAfter.isPresent();
        Instant now = clock.instant();
        if (retryAfter.isPresent()) {
            restsUntil = later(restsUntil, now.plus(retryAfter.get()));
        } else if (!now.isBefore(restsUntil)) {
            restsUntil = now.plus(backoff.next());
        }
    }

    private String sentence(Throwable failure) {
        Throwable cause = Futures.cause(failure);
        if (cause instanceof ForgeUnavailable) {
            LOGGER.log(Level.FINE, cause.getMessage(), cause);
            return cause.getMessage();
        }
        LOGGER.log(Level.WARNING, source.name() + " cannot be asked", cause);
        return source.name() + " cannot be asked: " + cause.getClass().getSimpleName()
                + ". Jenkins' log has the details.";
    }

    private static Optional<Duration> retryAfter(Throwable failure) {
        return Futures.cause(failure) instanceof ForgeUnavailable unavailable
                ? unavailable.retryAfter()
                : Optional.empty();
    }

    private void notifyListener(boolean hinted) {
        try {
            onChange.accept(hinted);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "A listener of the checks of " + source.name() + " failed", e);
        }
    }

    /** Drops all commits and sends no more requests. */
    synchronized void close() {
        closed = true;
        if (nextPoll != null) {
            nextPoll.cancel(false);
        }
        commits.clear();
    }
}
