package io.jenkins.plugins.gitops.world;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.world.ApplicationSpec.Source;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * An application of a simulated Argo CD. It takes one {@link SyncStep} at a time, on request or when the step is due,
 * and fails as requested. Each step writes the application once, which is one event on the streams.
 */
public final class SimulatedApplication {

    private final ApplicationSpec spec;
    private final Clock clock;
    private final GitRepositories repositories;
    private final ApplicationStore store;
    private final ApplicationStatus status = new ApplicationStatus();
    private final ApplicationLifecycle lifecycle;
    private final Instant created;
    private final Map<String, String> words = new TreeMap<>();
    private Instant restingSince;
    private Duration delay = Duration.ZERO;
    private boolean held;
    private boolean closed;
    private boolean removed;

    SimulatedApplication(
            ApplicationSpec spec,
            Clock clock,
            GitRepositories repositories,
            ApplicationStore store,
            Function<PostSyncHook, CompletableFuture<Boolean>> caller) {
        this.spec = spec;
        this.clock = clock;
        this.repositories = repositories;
        this.store = store;
        this.lifecycle = new ApplicationLifecycle(spec, status, clock, repositories, caller);
        this.created = clock.instant();
        this.restingSince = created;
        write();
    }

    public String name() {
        return spec.name;
    }

    String namespace() {
        return spec.namespace;
    }

    /** Takes the next step whether it is due or not; returns nothing if the application is held. */
    public Optional<SyncStep> advance() {
        repositories.lookAgain();
        return advanceAsListed();
    }

    /** As {@link #advance}, with the branches as they were fetched last. */
    Optional<SyncStep> advanceAsListed() {
        Optional<SyncStep> taken = step();
        awaitHook();
        return taken;
    }

    /** Takes steps until this one has been taken. */
    public void advanceTo(SyncStep wanted) {
        List<SyncStep> taken = new ArrayList<>();
        while (taken.size() < SyncStep.values().length) {
            SyncStep step = advance().orElseThrow(() -> new IllegalStateException(spec.name + " is held."));
            taken.add(step);
            if (step == wanted) {
                return;
            }
        }
        throw new IllegalStateException(spec.name + " does not get to " + wanted + "; it went through " + taken + ".");
    }

    /** Compares with git and takes every step that follows. */
    public void settle() {
        repositories.lookAgain();
        settleAsListed();
    }

    /** As {@link #settle}, with the branches as they were fetched last. */
    void settleAsListed() {
        if (isResting()) {
            step();
        }
        while (!isResting() && advanceAsListed().isPresent()) {
            // Until there is nothing left to do.
        }
    }

    private synchronized boolean isResting() {
        return lifecycle.isResting();
    }

    /** Takes the next step if it is due, or else compares with git if that is due. */
    synchronized void stepIfDue() {
        if (held) {
            return;
        }
        Instant now = clock.instant();
        SyncStep next = lifecycle.next();
        boolean answered = next != SyncStep.SUCCEEDED || lifecycle.hook().isDone();
        if (answered && !now.isBefore(restingSince.plus(spec.pace.before(next)).plus(delay))) {
            step();
        } else if (!now.isBefore(lifecycle.comparedAt().plus(spec.pace.before(SyncStep.COMPARED)))
                && !lifecycle.isResting()) {
            compare();
        }
    }

    /** Compares with git as a {@code refresh} does; the result is written before this returns. */
    void refresh() {
        repositories.lookAgain();
        synchronized (this) {
            if (compare() == SyncStep.OPERATION_REQUESTED) {
                lifecycle.take();
                write();
            }
        }
    }

    /** Requests an operation, as the API does. */
    synchronized void sync(String user, Map<Integer, String> revisions) {
        lifecycle.sync(user, revisions);
        restingSince = clock.instant();
        write();
    }

    synchronized void remove() {
        removed = true;
        store.remove(spec);
    }

    /** Lets the next attempts to sync fail, with {@code Failed} or {@code Error}. */
    public synchronized void failNext(int attempts, String phase, String message) {
        lifecycle.failNext(attempts, phase, message);
    }

    /**
     * Lets every comparison from now on fail with a condition {@code ComparisonError}, and operations with it; with an
     * empty message they succeed again.
     */
    public synchronized void comparisonError(String message) {
        lifecycle.comparisonError(message);
    }

    /** Degrades the pods from now on, including those of a running rollout. */
    public synchronized void degrade(String message) {
        lifecycle.degrade(message);
        write();
    }

    /** Lets the next rollout end with degraded pods. */
    public synchronized void degradeNextRollout(String message) {
        lifecycle.degradeNextRollout(message);
    }

    /** Makes the pods healthy again, or progressing during a rollout. */
    public synchronized void recover() {
        lifecycle.recover();
        write();
    }

    /** Holds the application, which then only compares on a refresh, or lets it go on. */
    public synchronized void hold(boolean hold) {
        held = hold;
        restingSince = clock.instant();
    }

    /** Lets a sync window of the project refuse what is asked for from now on, or not. */
    public synchronized void close(boolean closed) {
        this.closed = closed;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Delays the next step. */
    public synchronized void delay(Duration delay) {
        this.delay = delay;
    }

    /** Overrides a field of the JSON from now on: {@code overrideField("/status/health/status", "Sleeping")}. */
    public synchronized void overrideField(String pointer, String word) {
        words.put(pointer, word);
        write();
    }

    /** Removes all overrides of fields. */
    public synchronized void clearOverrides() {
        words.clear();
        write();
    }

    /** Changes what it deploys; the next comparison acts on it. */
    public synchronized void sources(List<Source> sources) {
        spec.sources.clear();
        spec.sources.addAll(sources);
        write();
    }

    public synchronized void label(String key, String value) {
        spec.labels.put(key, value);
        write();
    }

    private synchronized Optional<SyncStep> step() {
        if (held) {
            return Optional.empty();
        }
        SyncStep taken = lifecycle.take();
        restingSince = clock.instant();
        delay = Duration.ZERO;
        write();
        return Optional.of(taken);
    }

    private SyncStep compare() {
        SyncStep found = lifecycle.compare();
        if (found == SyncStep.OPERATION_REQUESTED) {
            restingSince = clock.instant();
        }
        write();
        return found;
    }

    /** Is called without the lock, since the listener may read. */
    private void awaitHook() {
        CompletableFuture<Boolean> called;
        synchronized (this) {
            called = lifecycle.hook();
        }
        called.join();
    }

    private void write() {
        if (removed) {
            return;
        }
        ObjectNode json = ApplicationDocument.render(spec, status, created);
        words.forEach((pointer, word) -> {
            JsonPointer place = JsonPointer.compile(pointer);
            json.withObject(place.head()).put(place.last().getMatchingProperty(), word);
        });
        store.write(spec, json);
    }
}
