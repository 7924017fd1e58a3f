package io.jenkins.plugins.gitops.events;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.Backoff;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/**
 * Delivers the events of one repository to one sink, in order, on a thread of its own whenever there are some. Those of
 * the state ref are read from it when their turn has come, and how far it has come is kept in a file: a sink that is
 * away for a day is told everything afterwards, and costs no memory meanwhile. Other events are kept in memory, the
 * newest of them.
 *
 * <p>What drivers call returns at once.
 */
public final class EventFeed implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(EventFeed.class.getName());

    /** The number of events that are kept of those that are not in the state. */
    private static final int MOST_LIVE = 1000;

    /**
     * The time for which the delivery of an event is repeated, so that one that a sink never takes does not block all
     * others.
     */
    static final Duration GIVE_UP = Duration.ofDays(3);

    private final RepositorySettings settings;
    private final EventSink sink;
    private final EventCursor cursor;
    private final Clock clock;
    private final ScheduledExecutorService timer;
    private final Executor threads;
    private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(10));

    // Guarded by this.
    private final Deque<WaveEvent> live = new ArrayDeque<>();
    private boolean running;
    private boolean wanted;
    private boolean waiting;
    private boolean closed;

    @CheckForNull
    private Repository git;

    private ObjectId tip = ObjectId.zeroId();

    @CheckForNull
    private volatile String problem;

    // Used by the thread that tells.
    @CheckForNull
    private ObjectId told;

    @CheckForNull
    private WaveEvent failing;

    private Instant failingSince = Instant.EPOCH;

    /**
     * Creates a feed. One without a file begins with what happens from now on.
     *
     * @param threads runs what tells, which may block as long as the sink does
     */
    public EventFeed(
            RepositorySettings settings,
            EventSink sink,
            EventCursor cursor,
            Clock clock,
            ScheduledExecutorService timer,
            Executor threads) {
        this.settings = settings;
        this.sink = sink;
        this.cursor = cursor;
        this.clock = clock;
        this.timer = timer;
        this.threads = threads;
    }

    /** The state ref is at a commit now, which the clone has. */
    public synchronized void stateIs(Repository clone, ObjectId state) {
        if (clone != git || !state.equals(tip)) {
            git = clone;
            tip = state.copy();
            want();
        }
    }

    /** Delivers an event that is not in the state. */
    public synchronized void offer(WaveEvent event) {
        if (!sink.wants(event)) {
            return;
        }
        if (live.size() >= MOST_LIVE) {
            live.removeFirst();
        }
        live.addLast(event);
        want();
    }

    /** Why the sink takes nothing at the moment, in a sentence; empty if it does. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    private synchronized void want() {
        wanted = true;
        if (!running && !waiting && !closed) {
            running = true;
            try {
                threads.execute(this::run);
            } catch (RejectedExecutionException e) {
                // Jenkins is stopping; the file knows how far this has come.
                running = false;
            }
        }
    }

    private void run() {
        while (true) {
            synchronized (this) {
                if (!wanted || closed) {
                    running = false;
                    return;
                }
                wanted = false;
            }
            try {
                tellAll();
                problem = null;
                backoff.reset();
            } catch (IOException | RuntimeException e) {
                retry(e);
                return;
            }
        }
    }

    private void retry(Exception failure) {
        synchronized (this) {
            running = false;
            if (closed) {
                // The thread was interrupted; the file knows how far this has come.
                return;
            }
            waiting = true;
            wanted = true;
        }
        String sentence = sink + " takes no events of " + settings.name() + ": " + failure.getMessage();
        if (problem == null) {
            if (failure instanceof IOException) {
                LOGGER.warning(sentence);
            } else {
                LOGGER.log(Level.SEVERE, sentence, failure);
            }
        }
        problem = sentence;
        timer.schedule(this::retryNow, backoff.next().toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void retryNow() {
        waiting = false;
        want();
    }

    private void tellAll() throws IOException {
        for (WaveEvent event = firstLive(); event != null; event = firstLive()) {
            tell(event);
            removeLive(event);
        }
        Repository clone;
        ObjectId state;
        synchronized (this) {
            clone = git;
            state = tip;
            if (clone != null) {
                // The driver may close its clone meanwhile.
                clone.incrementOpen();
            }
        }
        if (clone == null) {
            return;
        }
        try {
            tellState(clone, state);
        } finally {
            clone.close();
        }
    }

    @CheckForNull
    private synchronized WaveEvent firstLive() {
        return live.peekFirst();
    }

    private synchronized void removeLive(WaveEvent event) {
        live.remove(event);
    }

    private void tellState(Repository clone, ObjectId state) throws IOException {
        ObjectId from = told == null ? cursor.read().orElse(null) : told;
        if (from == null) {
            remember(state);
            return;
        }
        var events = new TransitionReader(settings, clone);
        Optional<List<TransitionReader.Step>> steps = events.steps(from, state);
        if (steps.isEmpty()) {
            LOGGER.warning("What happened in " + settings.name() + " since the state " + from.name()
                    + " is not told to " + sink + ", since the clone does not have that any more.");
            remember(state);
            return;
        }
        for (TransitionReader.Step step : steps.get()) {
            for (WaveEvent event : events.of(step)) {
                if (sink.wants(event)) {
                    tell(event);
                }
            }
            remember(step.to());
            if (isClosed()) {
                return;
            }
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void remember(ObjectId state) throws IOException {
        if (!state.equals(told)) {
            cursor.write(state);
            told = state.copy();
        }
    }

    private void tell(WaveEvent event) throws IOException {
        try {
            sink.deliver(event);
            failing = null;
        } catch (IOException e) {
            Instant now = clock.instant();
            if (failing == null || !failing.id().equals(event.id())) {
                failing = event;
                failingSince = now;
            }
            if (now.isBefore(failingSince.plus(GIVE_UP))) {
                throw e;
            }
            LOGGER.log(Level.WARNING, sink + " never took this, which is given up: " + event.sentence(), e);
            failing = null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        live.clear();
    }
}
