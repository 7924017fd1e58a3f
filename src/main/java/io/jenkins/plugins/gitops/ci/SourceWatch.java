package io.jenkins.plugins.gitops.ci;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.ci.CheckWatch.Pace;
import io.jenkins.plugins.gitops.ci.CheckWatch.Wanted;
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
 * Asks one source for the commits that are wanted: those that may change at each interval, others seldom, all of them
 * less often when the source grants little. While it fails it is asked for one commit at a time, ever more seldom.
 */
final class SourceWatch implements StatusLookup {

    private static final Logger LOGGER = Logger.getLogger(SourceWatch.class.getName());

    /** However many hints come, one commit is not asked for more often. */
    private static final Duration LEAST_PAUSE = Duration.ofMillis(500);

    /** On a hint so many commits are asked for at once, and the less often the more there are. */
    private static final int HINTED = 25;

    private static final int HINTED_PER_PAUSE = 5;
    private static final int SELDOM_FACTOR = 10;
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(5);

    private final StatusSource source;
    private final Pace pace;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final Consumer<Boolean> onChange;

    // Guarded by this.
    private final Map<String, Commit> commits = new LinkedHashMap<>();
    private Duration pause = Duration.ZERO;
    private final Backoff backoff;

    /** Until when nothing is asked, after a failure. */
    private Instant restsUntil = Instant.MIN;

    private boolean failing;

    /** Whether the source itself asked for that rest. */
    private boolean sentAway;

    private boolean closed;

    @CheckForNull
    private ScheduledFuture<?> nextAsk;

    /** A commit that is wanted. */
    private final class Commit {
        private final String sha;
        private final Instant first = clock.instant();
        private final Set<String> branches = new HashSet<>();
        private boolean tip;
        private boolean open;
        private boolean underWay;
        private boolean hinted;

        /** Somebody decides as soon as it was asked once more, whatever the answer is. */
        private boolean awaited;

        private Instant due = first;
        private Instant lastAsked = Instant.MIN;

        /** When that was asked which was heard. */
        private Instant heardAsOf = Instant.MIN;

        private SourceResponse heard = notYetAsked();

        Commit(String sha) {
            this.sha = sha;
        }

        void isWanted(Wanted wanted) {
            // A verdict may have been given on a branch that has moved on since.
            branches.addAll(wanted.branches());
            boolean news = wanted.tip() && !tip || wanted.open() && !open;
            tip = wanted.tip();
            open = wanted.open();
            if (news) {
                due = earlier(due, clock.instant());
            }
        }

        boolean mayBeAsked() {
            return open && !underWay;
        }

        /** The nearest to a verdict first. */
        int rank() {
            return tip ? 0 : heard.said().isEmpty() ? 2 : 1;
        }

        Question begin(Instant now) {
            underWay = true;
            lastAsked = now;
            due = planned();
            var question = new Question(this, Set.copyOf(branches), hinted, due);
            hinted = false;
            return question;
        }

        /** When it is asked for next if nothing happens before. */
        Instant planned() {
            boolean silent = rank() == 2 && !clock.instant().isBefore(first.plus(pace.patience()));
            Duration interval = silent ? pace.interval().multipliedBy(SELDOM_FACTOR) : pace.interval();
            Duration granted = pause.multipliedBy(open());
            return lastAsked.plus(granted.compareTo(interval) > 0 ? granted : interval);
        }
    }

    /**
     * What is being asked.
     *
     * @param hinted whether somebody said that something has changed
     * @param next when it was to be asked for again when this began
     */
    private record Question(Commit commit, Set<String> branches, boolean hinted, Instant next) {}

    SourceWatch(
            StatusSource source, Pace pace, Clock clock, ScheduledExecutorService timer, Consumer<Boolean> onChange) {
        this.source = source;
        this.pace = pace;
        this.backoff = new Backoff(FIRST_BACKOFF, pace.interval().multipliedBy(SELDOM_FACTOR));
        this.clock = clock;
        this.timer = timer;
        this.onChange = onChange;
    }

    private SourceResponse notYetAsked() {
        return SourceResponse.unheard(source.name() + " has not been asked about it yet.");
    }

    private int open() {
        return (int) commits.values().stream().filter(commit -> commit.open).count();
    }

    @Override
    public synchronized SourceResponse of(String sha) {
        Commit commit = commits.get(sha);
        return commit == null ? notYetAsked() : commit.heard;
    }

    void watch(Collection<Wanted> wanted) {
        synchronized (this) {
            var shas = new HashSet<String>();
            wanted.forEach(each -> shas.add(each.sha()));
            commits.keySet().retainAll(shas);
            wanted.forEach(
                    each -> commits.computeIfAbsent(each.sha(), Commit::new).isWanted(each));
        }
        askDue();
    }

    void lookNow() {
        synchronized (this) {
            List<Commit> hinted = commits.values().stream()
                    .filter(commit -> commit.open)
                    .sorted(Comparator.comparing(Commit::rank)
                            .thenComparing(commit -> commit.first, Comparator.reverseOrder()))
                    .limit(HINTED)
                    .toList();
            Duration apart = LEAST_PAUSE.multipliedBy(1 + hinted.size() / HINTED_PER_PAUSE);
            for (Commit commit : hinted) {
                commit.hinted = true;
                commit.due = earlier(commit.due, soonest(commit, apart));
            }
            if (failing && !sentAway) {
                restsUntil = Instant.MIN;
            }
        }
        askDue();
    }

    boolean isKnownSince(String sha, Instant time) {
        synchronized (this) {
            Commit commit = commits.get(sha);
            if (commit == null || !commit.heardAsOf.isBefore(time)) {
                return true;
            }
            commit.due = earlier(commit.due, soonest(commit, LEAST_PAUSE));
            commit.awaited = true;
        }
        askDue();
        return false;
    }

    private Instant soonest(Commit commit, Duration apart) {
        return commit.lastAsked.equals(Instant.MIN)
                ? clock.instant()
                : later(clock.instant(), commit.lastAsked.plus(apart));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Asks for all that is due, and sees to it that this is done again when the next is. */
    private void askDue() {
        var questions = new ArrayList<Question>();
        synchronized (this) {
            if (closed) {
                return;
            }
            Instant now = clock.instant();
            boolean resting = now.isBefore(restsUntil);
            boolean trying = failing && commits.values().stream().anyMatch(commit -> commit.underWay);
            if (!resting && !trying) {
                List<Commit> due = commits.values().stream()
                        .filter(commit -> commit.mayBeAsked() && !commit.due.isAfter(now))
                        .sorted(Comparator.comparing(Commit::rank).thenComparing(commit -> commit.due))
                        .limit(failing ? 1 : Integer.MAX_VALUE)
                        .toList();
                due.forEach(commit -> questions.add(commit.begin(now)));
            }
            if (!trying) {
                planNext(now);
            }
        }
        questions.forEach(this::ask);
    }

    private void planNext(Instant now) {
        if (nextAsk != null) {
            nextAsk.cancel(false);
            nextAsk = null;
        }
        Instant rested = restsUntil;
        commits.values().stream()
                .filter(Commit::mayBeAsked)
                .map(commit -> later(commit.due, rested))
                .min(Comparator.naturalOrder())
                .ifPresent(next -> nextAsk = timer.schedule(
                        this::askDue, Math.max(1, Duration.between(now, next).toMillis()), TimeUnit.MILLISECONDS));
    }

    private void ask(Question question) {
        Commit commit = question.commit();
        begun(commit.sha, question.branches()).whenComplete((answer, failure) -> {
            boolean news;
            synchronized (this) {
                commit.underWay = false;
                commit.heardAsOf = commit.lastAsked;
                SourceResponse before = commit.heard;
                if (failure == null) {
                    commit.heard = SourceResponse.of(answer.said());
                    answered(answer);
                } else {
                    commit.heard = SourceResponse.unheard(sentence(failure));
                    failed(retryAfter(failure));
                }
                // A hint that came meanwhile has moved this forward.
                if (commit.due.equals(question.next())) {
                    commit.due = commit.planned();
                }
                boolean asAwaited = commit.awaited && failure == null;
                if (asAwaited) {
                    commit.awaited = false;
                }
                news = (asAwaited || !commit.heard.equals(before)) && commits.get(commit.sha) == commit;
            }
            if (news) {
                tell(question.hinted());
            }
            askDue();
        });
    }

    private CompletableFuture<StatusSource.Answer> begun(String sha, Set<String> branches) {
        try {
            return source.ask(sha, branches);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void answered(StatusSource.Answer answer) {
        pause = answer.pause();
        if (failing) {
            Instant now = clock.instant();
            commits.values().stream()
                    .filter(commit -> commit.heard.unheard() != null)
                    .forEach(commit -> commit.due = earlier(commit.due, now));
        }
        failing = false;
        sentAway = false;
        backoff.reset();
        restsUntil = Instant.MIN;
    }

    private void failed(Optional<Duration> wanted) {
        failing = true;
        sentAway = wanted.isPresent();
        Instant now = clock.instant();
        if (wanted.isPresent()) {
            restsUntil = later(restsUntil, now.plus(wanted.get()));
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

    private void tell(boolean hinted) {
        try {
            onChange.accept(hinted);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "What follows the checks of " + source.name() + " failed", e);
        }
    }

    synchronized void close() {
        closed = true;
        if (nextAsk != null) {
            nextAsk.cancel(false);
        }
        commits.clear();
    }
}
