package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.errors.RepoUnavailable;
import io.jenkins.plugins.gitops.repo.NewChange;
import io.jenkins.plugins.gitops.repo.Outcome;
import io.jenkins.plugins.gitops.repo.View;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
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

    private final Driver driver;
    private final Clock clock;
    private final ScheduledExecutorService scheduler;
    private final Executor pool;
    private final List<Observer> observers = new CopyOnWriteArrayList<>();
    private final Map<String, View> unknownIn = new HashMap<>();

    // Guarded by this.
    private boolean running;
    private boolean again;
    private boolean closed;

    @CheckForNull
    private ScheduledFuture<?> nextLook;

    @CheckForNull
    private volatile String trouble;

    @CheckForNull
    private volatile RepositoryState state;

    private Duration backoff = FIRST_BACKOFF;

    private static final class Observer {
        private final String idOrSha;
        private final Consumer<ChangeStatus> consumer;

        @CheckForNull
        private ChangeStatus last;

        Observer(String idOrSha, Consumer<ChangeStatus> consumer) {
            this.idOrSha = idOrSha;
            this.consumer = consumer;
        }
    }

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
    }

    /** What is driven. */
    public RepositorySettings settings() {
        return driver.settings();
    }

    /** See {@link Driver#append}. The answer comes on a thread of the pool. */
    public CompletableFuture<Appended> append(NewChange change) {
        return asked(driver.append(change));
    }

    /** See {@link Driver#report}. The answer comes on a thread of the pool. */
    public CompletableFuture<Boolean> report(CheckReport report) {
        return asked(driver.report(report));
    }

    /** See {@link Driver#evict}. The answer comes on a thread of the pool. */
    public CompletableFuture<Boolean> evict(String id, String reason) {
        return asked(driver.evict(id, reason));
    }

    /** See {@link Driver#acceptMain}. The answer comes on a thread of the pool. */
    public CompletableFuture<Boolean> acceptMain() {
        return asked(driver.acceptMain());
    }

    private <T> CompletableFuture<T> asked(CompletableFuture<T> answer) {
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
        var observer = new Observer(idOrSha, consumer);
        observers.add(observer);
        wake();
        return () -> observers.remove(observer);
    }

    /** How many follow a change by this id. */
    public long observers(String idOrSha) {
        return observers.stream()
                .filter(observer -> observer.idOrSha.equals(idOrSha))
                .count();
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

    /** Looks at the repository now, or once more if it is being looked at. */
    public void wake() {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (running) {
                again = true;
                return;
            }
            running = true;
        }
        pool.execute(this::run);
    }

    private void run() {
        Instant next;
        do {
            synchronized (this) {
                again = false;
            }
            next = roundAndTell();
        } while (goesOn());
        boolean close;
        synchronized (this) {
            running = false;
            close = closed;
            if (again && !closed) {
                // Somebody woke it between the last look at the flag and here.
                running = true;
                pool.execute(this::run);
                return;
            }
            if (!closed) {
                scheduleLook(next);
            }
        }
        if (close) {
            driver.failRequests(closedFailure());
            driver.close();
        }
    }

    private synchronized boolean goesOn() {
        return again && !closed;
    }

    private Instant roundAndTell() {
        Instant next;
        try {
            next = driver.round();
            trouble = null;
            backoff = FIRST_BACKOFF;
            state = driver.state().orElse(state);
            tell();
            if (!observers.isEmpty()) {
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
        driver.failRequests(failure);
        for (Observer observer : observers) {
            deliver(observer, withReason(observer, failure.getMessage()));
        }
        Instant next = clock.instant().plus(backoff);
        Duration longest = settings().pollInterval().multipliedBy(10);
        backoff = backoff.multipliedBy(2).compareTo(longest) < 0 ? backoff.multipliedBy(2) : longest;
        return next;
    }

    private static ChangeStatus withReason(Observer observer, String reason) {
        ChangeStatus last = observer.last;
        if (last == null) {
            return new ChangeStatus(
                    observer.idOrSha, "", "", null, null, reason, null, List.of(), List.of(), List.of(), Instant.EPOCH);
        }
        return new ChangeStatus(
                last.id(),
                last.sha(),
                last.subject(),
                last.outcome(),
                last.cause(),
                reason,
                last.mainSha(),
                last.checks(),
                last.failedChecks(),
                last.rewrites(),
                last.since());
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
            status.ifPresent(known -> deliver(observer, known));
        }
        unknownIn
                .keySet()
                .removeIf(id -> !statuses.containsKey(id) || statuses.get(id).isPresent());
    }

    /** A look may be torn, so that a change is lost only when two equal looks do not know it. */
    private Optional<ChangeStatus> lost(String id) {
        View view = driver.lastView().orElseThrow();
        if (!view.equals(unknownIn.put(id, view))) {
            synchronized (this) {
                again = true;
            }
            return Optional.empty();
        }
        return Optional.of(new ChangeStatus(
                id,
                "",
                "",
                Outcome.LOST,
                null,
                "The config repository knows nothing of the change " + id + ".",
                null,
                List.of(),
                List.of(),
                List.of(),
                clock.instant()));
    }

    private static void deliver(Observer observer, ChangeStatus status) {
        if (Objects.equals(observer.last, status)) {
            return;
        }
        observer.last = status;
        try {
            observer.consumer.accept(status);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "An observer of the change " + status.id() + " failed", e);
        }
    }

    private synchronized void scheduleLook(Instant next) {
        if (nextLook != null) {
            nextLook.cancel(false);
        }
        // Several controllers, or repositories on one server, shall not look in step.
        double jitter = 1 + ThreadLocalRandom.current().nextDouble() / 10;
        long millis = Math.max(1, Duration.between(clock.instant(), next).toMillis());
        nextLook = scheduler.schedule(this::wake, (long) (millis * jitter), TimeUnit.MILLISECONDS);
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
        driver.failRequests(closedFailure());
        driver.close();
    }
}
