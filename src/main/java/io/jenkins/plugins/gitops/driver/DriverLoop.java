package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.common.Backoff;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverListener;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.explain.MissedHookDetector;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps a driver going: a round whenever somebody asks for something, a hook wakes it, or it is time to look again.
 * However many wait for a change, the repository is looked at once for all of them.
 */
public final class DriverLoop implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(DriverLoop.class.getName());
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(5);
    private static final int LONGEST_BACKOFF_IN_POLLS = 10;

    private final Driver driver;
    private final Clock clock;
    private final ScheduledExecutorService scheduler;
    private final Executor pool;
    private final List<Observer> observers = new CopyOnWriteArrayList<>();
    private final List<RolloutObserver> rolloutObservers = new CopyOnWriteArrayList<>();
    private final Map<String, RefSnapshot> unknownIn = new HashMap<>();
    private Set<String> toldStarved = Set.of();

    // Guarded by this.
    private boolean running;
    private boolean again;
    private boolean asked;
    private boolean rolloutsMoved;
    private boolean closed;

    private Instant nextRound = Instant.EPOCH;

    /** When time alone makes a condition hold. */
    private Instant due = Instant.MAX;

    @CheckForNull
    private ScheduledFuture<?> nextLook;

    @CheckForNull
    private volatile String trouble;

    @CheckForNull
    private volatile RepositoryState state;

    private volatile Runnable untold = () -> {};

    private final Backoff backoff =
            new Backoff(FIRST_BACKOFF, 2, () -> settings().pollInterval().multipliedBy(LONGEST_BACKOFF_IN_POLLS));

    private record Observer(String idOrSha, LatestValueSubscriber<ChangeStatus> follower) {}

    private record RolloutObserver(
            WavePath path, @Nullable String wanted, @Nullable RolloutRequirement require, LatestValueSubscriber<Rollout> follower) {}

    /**
     * Makes a loop that stands still until it is woken.
     *
     * @param scheduler wakes it; is never blocked
     * @param pool runs its rounds, which talk to the git server
     */
    public DriverLoop(Driver driver, Clock clock, ScheduledExecutorService scheduler, Executor pool) {
        this.driver = driver;
        this.clock = clock;
        this.scheduler = scheduler;
        this.pool = pool;
        driver.checks().follow(this::look);
    }

    /**
     * Says who hears of a change that was found because it was time to look, although the forge could have told of it.
     */
    public void onMissedHook(Runnable listener) {
        untold = listener;
    }

    /** Says who counts what it brings about, before it is woken for the first time. */
    public void countWith(DriverListener tally) {
        driver.countWith(tally);
    }

    /** What is driven. */
    public RepositorySettings settings() {
        return driver.settings();
    }

    /** Submits a request. The answer comes on a thread of the pool. */
    public <T> CompletableFuture<T> submit(DriverRequest<T> request) {
        CompletableFuture<T> answer = driver.submit(request);
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
     * Follows a change: the observer hears where it is soon, and then each time that differs, on a thread of the pool.
     * A change that nobody knows is lost.
     */
    public Subscription observe(String idOrSha, Consumer<ChangeStatus> consumer) {
        var observer = new Observer(idOrSha, new LatestValueSubscriber<>("the change " + idOrSha, consumer, pool));
        observers.add(observer);
        wake();
        return () -> observers.remove(observer);
    }

    /**
     * Follows a wave: the observer hears how far it is soon, and then each time that differs, on a thread of the pool.
     *
     * @param path a whole wave, or one of its image sets
     * @param wanted the commit that it shall run, or null for whatever it runs
     * @param require how many targets it takes, beyond what is configured, or null
     */
    public Subscription observe(
            WavePath path, @Nullable String wanted, @Nullable RolloutRequirement require, Consumer<Rollout> consumer) {
        var follower = new LatestValueSubscriber<>("the wave " + path, consumer, pool);
        var observer = new RolloutObserver(path, wanted, require, follower);
        rolloutObservers.add(observer);
        wake();
        return () -> rolloutObservers.remove(observer);
    }

    /** Judges the waves now, since Argo CD says something else of their targets. Does not look at the repository. */
    public void applicationsChanged() {
        synchronized (this) {
            if (closed) {
                return;
            }
            rolloutsMoved = true;
            if (running) {
                return;
            }
            running = true;
        }
        pool.execute(this::run);
    }

    /** How many follow a change by this id. */
    public long observers(String idOrSha) {
        return observers.stream()
                .filter(observer -> observer.idOrSha.equals(idOrSha))
                .count();
    }

    /** See {@link Driver#progress}. */
    public String progress() {
        return driver.progress();
    }

    /** Why the repository cannot be driven now, in a sentence, or null. */
    @CheckForNull
    public String trouble() {
        return trouble;
    }

    /** The repository as the last round that went well left it. */
    public Optional<RepositoryState> state() {
        return Optional.ofNullable(state);
    }

    /** Looks at the repository, and asks for its checks, now, since somebody says that something has changed. */
    public void lookNow() {
        driver.checks().lookNow();
        wake();
    }

    /** Looks at the repository now, or once more if it is being looked at. */
    public void wake() {
        look(true);
    }

    private void look(boolean somebodyAsks) {
        synchronized (this) {
            if (closed) {
                return;
            }
            again = true;
            asked |= somebodyAsks;
            if (running) {
                return;
            }
            running = true;
        }
        pool.execute(this::run);
    }

    private void run() {
        boolean go = true;
        while (go) {
            boolean look;
            boolean byTime;
            synchronized (this) {
                look = again;
                byTime = !asked;
                again = false;
                asked = false;
                rolloutsMoved = false;
            }
            if (look) {
                RepositoryState before = state;
                Instant next = roundAndTell();
                RepositoryState after = state;
                if (byTime
                        && before != null
                        && after != null
                        && MissedHookDetector.fromForge(before, after, settings().requiredChecks())) {
                    untold.run();
                }
                synchronized (this) {
                    nextRound = next;
                }
            } else {
                judgeRollouts();
            }
            lookWhenTimeAloneMatters();
            go = goesOn();
        }
    }

    /** Says once in the log that nothing was promoted to a wave for too long. */
    private void reportStarved() {
        RepositoryState known = state;
        List<String> starved = known == null
                ? List.of()
                : known.waves().stream()
                        .map(RepositoryState.Wave::starved)
                        .filter(Objects::nonNull)
                        .toList();
        starved.stream()
                .filter(sentence -> !toldStarved.contains(sentence))
                .forEach(sentence -> LOGGER.warning(settings().name() + ": " + sentence));
        toldStarved = Set.copyOf(starved);
    }

    /** A soak that ends, a window that opens and a hold that ends are looked at then, neither before nor after. */
    private void lookWhenTimeAloneMatters() {
        RepositoryState known = state;
        if (known != null && trouble == null) {
            Instant look = known.nextLook(clock.instant()).orElse(Instant.MAX);
            synchronized (this) {
                due = look;
            }
        }
    }

    /** Whether there is more to do; otherwise it stands still from here on, or ends. */
    private boolean goesOn() {
        synchronized (this) {
            if (!closed && (again || rolloutsMoved)) {
                return true;
            }
            running = false;
            if (!closed) {
                scheduleLook(nextRound);
                return false;
            }
        }
        driver.failAll(closedFailure());
        driver.close();
        return false;
    }

    private void judgeRollouts() {
        try {
            Optional<LiveState> seen = driver.seen();
            if (seen.isPresent()) {
                tellRollouts(seen.get());
                state = seen.get().state();
                wakeIfCalledFor(seen.get());
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, "The waves of " + settings().name() + " cannot be judged", e);
            // A round finds out what is wrong with the clone, and says so.
            wake();
        }
    }

    private void tellRollouts(LiveState seen) throws IOException {
        for (RolloutObserver observer : rolloutObservers) {
            observer.follower.tell(seen.rollout(observer.path, observer.wanted, observer.require));
        }
    }

    private void wakeIfCalledFor(LiveState seen) throws IOException {
        if (driver.callsForRound(seen)) {
            wake();
        }
    }

    private Instant roundAndTell() {
        Instant next;
        try {
            next = driver.round();
            trouble = null;
            backoff.reset();
            LiveState seen = driver.seen().orElseThrow();
            state = seen.state();
            reportStarved();
            tell();
            tellRollouts(seen);
            wakeIfCalledFor(seen);
            if (!observers.isEmpty() || !rolloutObservers.isEmpty()) {
                Instant poll = clock.instant().plus(settings().pollInterval());
                next = next.isAfter(poll) ? poll : next;
            }
            return next;
        } catch (RepoUnavailable e) {
            return inTrouble(e);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, "The driver of " + settings().name() + " failed", e);
            return inTrouble(new RepoUnavailable(
                    "The repository " + settings().name() + " cannot be driven: " + e
                            + ". Jenkins' log has the details.",
                    e));
        }
    }

    private Instant inTrouble(RepoUnavailable failure) {
        trouble = failure.getMessage();
        LOGGER.log(Level.FINE, "The driver of " + settings().name() + " is in trouble", failure);
        driver.failRound(failure);
        for (Observer observer : observers) {
            ChangeStatus last = observer.follower
                    .last()
                    .orElseGet(() -> ChangeStatus.unknown(observer.idOrSha, null, Instant.EPOCH));
            observer.follower.tell(last.because(failure.getMessage()));
        }
        for (RolloutObserver observer : rolloutObservers) {
            observer.follower.tell(Rollout.unknown(observer.wanted, failure.getMessage()));
        }
        return clock.instant().plus(backoff.next());
    }

    private void tell() throws IOException {
        var statuses = new HashMap<String, Optional<ChangeStatus>>();
        for (Observer observer : observers) {
            String id = observer.idOrSha;
            Optional<ChangeStatus> status = statuses.get(id);
            if (status == null) {
                status = driver.status(id).or(() -> lost(id));
                statuses.put(id, status);
            }
            status.ifPresent(observer.follower::tell);
        }
        unknownIn
                .keySet()
                .removeIf(id -> !statuses.containsKey(id) || statuses.get(id).isPresent());
    }

    /** A look may be torn, so that a change is lost only when two equal looks do not know it. */
    private Optional<ChangeStatus> lost(String id) {
        RefSnapshot view = driver.lastView().orElseThrow();
        if (!view.equals(unknownIn.put(id, view))) {
            synchronized (this) {
                again = true;
            }
            return Optional.empty();
        }
        return Optional.of(ChangeStatus.unknown(id, Outcome.LOST, clock.instant())
                .because("The config repository knows nothing of the change " + id + "."));
    }

    private synchronized void scheduleLook(Instant next) {
        if (nextLook != null) {
            nextLook.cancel(false);
        }
        long millis = Backoff.jittered(Duration.ofMillis(Math.max(1, millisTo(next)))).toMillis();
        if (due.isBefore(Instant.MAX)) {
            millis = Math.min(millis, Math.max(1, millisTo(due)));
        }
        nextLook = scheduler.schedule(() -> look(false), millis, TimeUnit.MILLISECONDS);
    }

    private long millisTo(Instant time) {
        return Duration.between(clock.instant(), time).toMillis();
    }

    /** Stops; a round that is under way comes to its end. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (nextLook != null) {
                nextLook.cancel(false);
            }
            if (running) {
                return;
            }
        }
        driver.failAll(closedFailure());
        driver.close();
    }
}
