package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.common.Backoff;
import io.jenkins.plugins.gitops.common.QuietPeriod;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverListener;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.RequestWithdrawal;
import io.jenkins.plugins.gitops.delivery.RoundListener;
import io.jenkins.plugins.gitops.explain.MissedHookDetector;
import io.jenkins.plugins.gitops.generation.GenerationWorkQueue;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs the rounds of a driver: after a request, after a webhook, and when the next one is due. However many builds
 * follow a change, one round reads the repository for all of them.
 */
public final class DriverLoop implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(DriverLoop.class.getName());
    /** The time after which a git server is called slow. */
    private static final Duration USUAL_WAIT = Duration.ofSeconds(5);

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(5);
    private static final int LONGEST_BACKOFF_IN_POLLS = 10;

    private final Driver driver;
    private final Clock clock;
    private final ScheduledExecutorService scheduler;
    private final Executor rounds;
    private final StatusFollowers followers;
    private final Backoff backoff =
            new Backoff(FIRST_BACKOFF, 2, () -> settings().pollInterval().multipliedBy(LONGEST_BACKOFF_IN_POLLS));

    // Used by the thread that runs the rounds.
    private final QuietPeriod quiet;
    private final StateWarningLogger warnings = new StateWarningLogger();
    private Set<String> revisionsFetched = Set.of();

    // Guarded by this.
    private boolean running;
    private boolean roundWanted;
    private boolean hinted;
    private boolean rolloutsChanged;
    private boolean closed;
    private Instant nextRound = Instant.EPOCH;

    /** The time at which a condition of a promotion begins to hold because of the time alone. */
    private Instant nextCondition = Instant.MAX;

    @CheckForNull
    private ScheduledFuture<?> timer;

    /** The loop before this one, until it has ended. */
    @CheckForNull
    private volatile DriverLoop predecessor;

    private CompletableFuture<Void> begin = CompletableFuture.completedFuture(null);
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    @CheckForNull
    private volatile String trouble;

    @CheckForNull
    private volatile RepositoryState state;

    private volatile Runnable missedHookListener = () -> {};
    private volatile Runnable generatorStarter = () -> {};
    private volatile RoundListener roundListener = RoundListener.NONE;

    /**
     * Creates a loop that runs no round before it is woken.
     *
     * @param scheduler wakes it; is never blocked
     * @param rounds runs its rounds, which talk to the git server; must not let them wait for those of other loops
     * @param callbacks calls the followers
     */
    public DriverLoop(
            Driver driver, Clock clock, ScheduledExecutorService scheduler, Executor rounds, Executor callbacks) {
        this.driver = driver;
        this.clock = clock;
        this.scheduler = scheduler;
        this.rounds = rounds;
        this.followers = new StatusFollowers(callbacks, clock);
        this.quiet = new QuietPeriod(clock);
        driver.checks().follow(this::wantRound);
        driver.generation().ifPresent(workQueue -> workQueue.onAnswer(this::wake));
    }

    /**
     * Sets the listener that is notified when a poll finds a change at the forge that a webhook could have reported.
     */
    public void onMissedHook(Runnable listener) {
        missedHookListener = listener;
    }

    /** Sets what is called after a round when a build of the generator is needed. */
    public void onGeneratorNeeded(Runnable starter) {
        generatorStarter = starter;
    }

    /** Sets the listener of rounds; called before the first round. */
    public void onRound(RoundListener listener) {
        roundListener = listener;
    }

    /**
     * Runs no round before another loop, which was closed, has ended; called before the first round. Both may so use one
     * clone.
     */
    public void startAfter(DriverLoop closed) {
        predecessor = closed;
        begin = closed.end.thenRun(() -> predecessor = null);
    }

    /** Whether the loop was closed and its last round has ended. */
    public boolean hasEnded() {
        return end.isDone();
    }

    /** The work of the generator; empty if the repository has no generator. */
    public Optional<GenerationWorkQueue> generation() {
        return driver.generation();
    }

    /** Sets the listener of the driver; called before the first round. */
    public void setListener(DriverListener listener) {
        driver.setListener(listener);
    }

    /** The settings that the driver applies. */
    public RepositorySettings settings() {
        return driver.settings();
    }

    /** Submits a request. The answer comes on the thread of a round, which must not be blocked. */
    public <T> CompletableFuture<T> submit(DriverRequest<T> request) {
        return submit(request, new RequestWithdrawal());
    }

    /** Submits a request in the same way, which may be withdrawn until the driver takes it. */
    public <T> CompletableFuture<T> submit(DriverRequest<T> request, RequestWithdrawal withdrawal) {
        CompletableFuture<T> answer = driver.submit(request, withdrawal);
        synchronized (this) {
            if (closed) {
                answer.completeExceptionally(closedFailure());
                return answer;
            }
        }
        wake();
        return answer;
    }

    private RepoUnavailable closedFailure() {
        return new RepoUnavailable(
                "The repository " + settings().name() + " is no longer configured, or Jenkins is stopping.");
    }

    /**
     * Follows a change: the consumer is called with its status soon, and then with each status that differs, on a
     * thread of the pool. The status of a change that the repository does not know is lost.
     */
    public Subscription followChange(String idOrSha, Consumer<ChangeStatus> consumer) {
        Subscription subscription = followers.addChange(idOrSha, consumer);
        wake();
        return subscription;
    }

    /**
     * Follows a wave: the consumer is called with its rollout soon, and then with each rollout that differs, on a
     * thread of the pool.
     *
     * @param path a whole wave, or one of its image sets
     * @param wanted the commit that it is to run; empty for the one that it runs
     * @param require how many targets must run it, in addition to the requirement of the settings
     */
    public Subscription followRollout(
            WavePath path, Optional<String> wanted, Optional<RolloutRequirement> require, Consumer<Rollout> consumer) {
        Subscription subscription = followers.addRollout(path, wanted, require, consumer);
        wake();
        return subscription;
    }

    /** The number of followers of a change by this id or SHA. */
    long followers(String idOrSha) {
        return followers.count(idOrSha);
    }

    /** Evaluates the rollouts now, since Argo CD reports another state of a target. Does not read the repository. */
    public void applicationsChanged() {
        synchronized (this) {
            if (closed) {
                return;
            }
            rolloutsChanged = true;
            if (running) {
                return;
            }
            running = true;
        }
        execute();
    }

    /** See {@link Driver#progress}; also that of the loop before this one. */
    public String progress() {
        DriverLoop before = predecessor;
        return before == null ? driver.progress() : before.progress();
    }

    /** Why the repository cannot be driven now, or what its driver has waited for too long, in a sentence. */
    public Optional<String> trouble() {
        return slowServer().or(() -> Optional.ofNullable(trouble));
    }

    private Optional<String> slowServer() {
        Instant patience = clock.instant().minus(USUAL_WAIT);
        return driver.waitsFor()
                .filter(wait -> wait.since().isBefore(patience))
                .map(Driver.ServerWait::sentence)
                .or(() -> Optional.ofNullable(predecessor).flatMap(DriverLoop::slowServer));
    }

    /** The repository as the last successful round left it. */
    public Optional<RepositoryState> state() {
        return Optional.ofNullable(state);
    }

    /** Reads the repository and the results of its checks now, because of a hint that something has changed. */
    public void pollNow() {
        driver.checks().pollNow();
        wake();
    }

    /** Runs a round now, or one more if a round is under way. */
    public void wake() {
        wantRound(true);
    }

    /**
     * Wants a round.
     *
     * @param hint whether a request or a hint of a change is the reason, not the time
     */
    private void wantRound(boolean hint) {
        synchronized (this) {
            if (closed) {
                return;
            }
            roundWanted = true;
            hinted |= hint;
            if (running) {
                return;
            }
            running = true;
        }
        execute();
    }

    /** Runs rounds once the loop before this one has ended, and none if this one was closed by then. */
    private void execute() {
        boolean waits = !begin.isDone();
        begin.thenRun(() -> rounds.execute(() -> {
            if (waits && isClosed()) {
                end();
            } else {
                run();
            }
        }));
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Runs at least one round: what was requested before the loop is closed is done, as when a build ends at once. */
    private void run() {
        do {
            boolean round;
            boolean poll;
            synchronized (this) {
                round = roundWanted;
                poll = !hinted;
                roundWanted = false;
                hinted = false;
                rolloutsChanged = false;
            }
            if (round) {
                RepositoryState before = state;
                Instant next = runRound();
                if (poll) {
                    detectMissedHook(before, state);
                }
                synchronized (this) {
                    nextRound = next;
                }
            } else {
                publishRollouts();
            }
            updateNextCondition();
        } while (continues());
    }

    private void detectMissedHook(@Nullable RepositoryState before, @Nullable RepositoryState after) {
        if (before != null
                && after != null
                && MissedHookDetector.fromForge(before, after, settings().requiredChecks())) {
            missedHookListener.run();
        }
    }

    private Instant runRound() {
        String asked = trouble;
        if (asked != null && quiet.isNow()) {
            driver.failAll(new RepoUnavailable(asked));
            return quiet.end();
        }
        try {
            Instant next = driver.round();
            trouble = null;
            backoff.reset();
            RoundSnapshot snapshot = driver.lastSnapshot().orElseThrow();
            RepositoryState now = snapshot.state();
            state = now;
            driver.answerReads(now);
            wantRoundForMoreRequests();
            warnings.log(now);
            roundListener.ended(now, snapshot.git(), snapshot.refs().state());
            if (driver.generation().filter(GenerationWorkQueue::wantsBuild).isPresent()) {
                generatorStarter.run();
            }
            if (followers.publishChanges(snapshot)) {
                wantRound(false);
            }
            followers.publishRollouts(snapshot);
            wakeForUnrecorded(snapshot);
            Instant poll = clock.instant().plus(settings().pollInterval());
            return followers.isEmpty() || next.isBefore(poll) ? next : poll;
        } catch (RepoUnavailable e) {
            return failed(e);
        } catch (IOException | RuntimeException | Error e) {
            // An error, such as too deep a recursion, is that of this round: the next one may find something else.
            LOGGER.log(Level.WARNING, "The driver of " + settings().name() + " failed", e);
            driver.suspectClone(e);
            driver.isolateRequests();
            Instant next = failed(new RepoUnavailable(
                    "The repository " + settings().name() + " cannot be driven: " + e
                            + ". Jenkins' log has the details.",
                    e));
            wantRoundForMoreRequests();
            return next;
        }
    }

    private void wantRoundForMoreRequests() {
        if (driver.hasMoreRequests()) {
            wantRound(true);
        }
    }

    private Instant failed(RepoUnavailable failure) {
        trouble = failure.getMessage();
        if (failure instanceof RewrittenMain.Refusal) {
            roundListener.mainRewritten(failure.getMessage());
        }
        LOGGER.log(Level.FINE, "The driver of " + settings().name() + " failed a round", failure);
        driver.failRound(failure);
        followers.publishFailure(failure.getMessage());
        Instant next = clock.instant().plus(backoff.next());
        failure.retryAfter().ifPresent(quiet::extend);
        return quiet.end().isAfter(next) ? quiet.end() : next;
    }

    /** Evaluates the rollouts without a round. */
    private void publishRollouts() {
        try {
            Optional<RoundSnapshot> snapshot = driver.lastSnapshot();
            if (snapshot.isPresent()) {
                followers.publishRollouts(snapshot.get());
                state = snapshot.get().state();
                wakeForUnrecorded(snapshot.get());
            }
        } catch (IOException | RuntimeException | Error e) {
            LOGGER.log(Level.FINE, "The waves of " + settings().name() + " cannot be judged", e);
            driver.suspectClone(e);
            wake();
        }
    }

    /** Wants a round if Argo CD runs a commit that the clone does not have yet, or a wave has to be recorded. */
    private void wakeForUnrecorded(RoundSnapshot snapshot) throws IOException {
        Set<String> unknown = snapshot.unknownRevisions();
        boolean fetch = !revisionsFetched.containsAll(unknown);
        revisionsFetched = unknown;
        if (fetch || snapshot.hasUnrecordedWaves()) {
            wake();
        }
    }

    private void updateNextCondition() {
        RepositoryState known = state;
        if (known != null && trouble == null) {
            Instant next = known.nextLook(clock.instant()).orElse(Instant.MAX);
            synchronized (this) {
                nextCondition = next;
            }
        }
    }

    /** Whether there is more to do. If not, the loop waits for the next round, or ends. */
    private boolean continues() {
        synchronized (this) {
            if (!closed && (roundWanted || rolloutsChanged)) {
                return true;
            }
            running = false;
            if (!closed) {
                scheduleRound();
                return false;
            }
        }
        end();
        return false;
    }

    private synchronized void scheduleRound() {
        if (timer != null) {
            timer.cancel(false);
        }
        long millis = Backoff.jittered(Duration.ofMillis(Math.max(1, millisTo(nextRound))))
                .toMillis();
        if (nextCondition.isBefore(Instant.MAX)) {
            millis = Math.min(millis, Math.max(1, millisTo(nextCondition)));
        }
        timer = scheduler.schedule(() -> wantRound(false), millis, TimeUnit.MILLISECONDS);
    }

    private long millisTo(Instant time) {
        return Duration.between(clock.instant(), time).toMillis();
    }

    private void end() {
        driver.failAll(closedFailure());
        roundListener.closed();
        driver.close();
        begin.thenRun(() -> end.complete(null));
    }

    /** Stops. A round that is under way is completed. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (timer != null) {
                timer.cancel(false);
            }
            if (running) {
                return;
            }
        }
        end();
    }
}
