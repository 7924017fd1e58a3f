package io.jenkins.plugins.gitops.world;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.world.ApplicationSpec.Source;
import io.jenkins.plugins.gitops.world.ApplicationStatus.Condition;
import io.jenkins.plugins.gitops.world.ApplicationStatus.Deployment;
import io.jenkins.plugins.gitops.world.ApplicationStatus.Health;
import io.jenkins.plugins.gitops.world.ApplicationStatus.Operation;
import io.jenkins.plugins.gitops.world.ApplicationStatus.OperationState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * An application of a simulated Argo CD: what lies in git, what the cluster runs, and what Argo CD says of both, which
 * is not the same. It goes on a {@link Step} at a time, in the order of Argo CD's application controller; each step
 * writes once, and so is one event on the streams.
 */
public final class SimulatedApplication {

    /** As {@code RevisionHistoryLimit} of Argo CD. */
    private static final int HISTORY = 10;

    /** What the manifests at certain revisions are, and what runs where they are applied. */
    private record Target(List<String> revisions, List<Source> sources, List<String> trees, List<String> images) {
        boolean sameAs(Target other) {
            return other != null && trees.equals(other.trees) && images.equals(other.images);
        }
    }

    private record Pods(String health, String message, List<String> images) {}

    private record Failure(String phase, String message) {}

    private final ApplicationSpec spec;
    private final Clock clock;
    private final GitRepositories repositories;
    private final ApplicationStore store;
    private final Function<PostSyncHook, CompletableFuture<Boolean>> caller;
    private final Instant created;

    private final ApplicationStatus status = new ApplicationStatus();
    private final Deque<Step> upcoming = new ArrayDeque<>();

    private Target target;
    private String trouble = "";
    private Target operated;
    private Target live;
    private Pods pods = new Pods("Missing", "", List.of());
    private CompletableFuture<Boolean> hook = CompletableFuture.completedFuture(true);
    private Instant comparedAt;
    private Instant restingSince;

    private final Deque<Failure> failures = new ArrayDeque<>();
    private final Map<String, String> words = new TreeMap<>();
    private String orderedTrouble = "";
    private String orderedDegradation = "";
    private boolean held;
    private Duration delay = Duration.ZERO;
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
        this.caller = caller;
        this.created = clock.instant();
        this.comparedAt = Instant.MIN;
        this.restingSince = created;
        write();
    }

    public String name() {
        return spec.name;
    }

    String namespace() {
        return spec.namespace;
    }

    /** Takes the next step at once, whether it is due or not; empty if the application is held. */
    public Optional<Step> advance() {
        repositories.lookAgain();
        Optional<Step> taken = step();
        awaitHook();
        return taken;
    }

    /** Takes steps until this one has been taken. */
    public void advanceTo(Step wanted) {
        List<Step> taken = new ArrayList<>();
        while (taken.size() < Step.values().length) {
            Step step = advance().orElseThrow(() -> new IllegalStateException(spec.name + " is held."));
            taken.add(step);
            if (step == wanted) {
                return;
            }
        }
        throw new IllegalStateException(spec.name + " does not get to " + wanted + "; it went through " + taken + ".");
    }

    /** Compares with git, and takes every step that follows from it. */
    public void settle() {
        repositories.lookAgain();
        settleAsListed();
    }

    void settleAsListed() {
        if (isResting()) {
            step();
        }
        while (!isResting() && step().isPresent()) {
            awaitHook();
        }
    }

    private synchronized boolean isResting() {
        return upcoming.isEmpty();
    }

    /** Compares with git as a {@code refresh} does: what it finds is written down before this returns. */
    void refresh() {
        repositories.lookAgain();
        synchronized (this) {
            if (compare(true) == Step.OPERATION_REQUESTED) {
                take(Step.OUT_OF_SYNC);
            }
        }
    }

    /** Lets the next so many attempts to sync fail, {@code Failed} or {@code Error}. */
    public synchronized void fail(int attempts, String phase, String message) {
        failures.clear();
        for (int i = 0; i < attempts; i++) {
            failures.add(new Failure(phase, message));
        }
    }

    /** The pods are degraded from now on, also those of a rollout that is under way. */
    public synchronized void degrade(String message) {
        health("Degraded", message);
        orderedDegradation = isResting() ? "" : message;
    }

    /** The next rollout ends with degraded pods. */
    public synchronized void degradeNextRollout(String message) {
        orderedDegradation = message;
    }

    /** The pods are healthy again. */
    public synchronized void recover() {
        orderedDegradation = "";
        health("Healthy", "");
    }

    /** The pods are as Argo CD's word for it says: {@code Suspended}, {@code Missing}, one that nobody knows. */
    public synchronized void health(String word, String message) {
        pods = new Pods(word, message, pods.images());
        observe();
        write();
    }

    /** Nothing happens any more, or again, but when a refresh asks for a comparison. */
    public synchronized void hold(boolean hold) {
        held = hold;
        restingSince = clock.instant();
    }

    /** Makes the next step due so much later. */
    public synchronized void delay(Duration delay) {
        this.delay = delay;
    }

    public synchronized void pace(Pace pace) {
        spec.pace = pace;
    }

    /** Lets every comparison from now on fail with a condition {@code ComparisonError}; empty: they succeed again. */
    public synchronized void comparisonError(String message) {
        orderedTrouble = message;
    }

    /** Writes a word of one's own into the JSON from now on; {@code say("/status/health/status", "Sleeping")}. */
    public synchronized void say(String pointer, String word) {
        words.put(pointer, word);
        write();
    }

    /** Writes everything as it is again. */
    public synchronized void sayTheTruth() {
        words.clear();
        write();
    }

    /** Changes what it deploys. */
    public synchronized void sources(List<Source> sources) {
        spec.sources.clear();
        spec.sources.addAll(sources);
        write();
    }

    public synchronized void label(String key, String value) {
        spec.labels.put(key, value);
        write();
    }

    synchronized void remove() {
        removed = true;
        store.remove(spec);
    }

    /** Asks for an operation over the API; the revisions by position are those that the sources do not follow. */
    synchronized void sync(String user, Map<Integer, String> revisions) {
        for (Map.Entry<Integer, String> revision : revisions.entrySet()) {
            if (revision.getKey() < 1 || revision.getKey() > spec.sources.size()) {
                throw new ApiError(ApiError.Code.UNKNOWN, "source position is out of range");
            }
            String followed = spec.sources.get(revision.getKey() - 1).targetRevision();
            if (spec.automated && !revision.getValue().equals(followed.isEmpty() ? "HEAD" : followed)) {
                throw new ApiError(
                        ApiError.Code.FAILED_PRECONDITION,
                        "Cannot sync to " + revision.getValue() + ": auto-sync currently set to " + followed);
            }
        }
        if (status.operation != null) {
            throw new ApiError(
                    ApiError.Code.FAILED_PRECONDITION,
                    "error setting app operation: rpc error: code = FailedPrecondition desc = another operation is"
                            + " already in progress");
        }
        Target wanted;
        try {
            wanted = resolve(revisions);
        } catch (IllegalStateException e) {
            throw new ApiError(ApiError.Code.FAILED_PRECONDITION, e.getMessage());
        }
        request(wanted, user);
        write();
    }

    /** Takes a step if the clock says so. */
    synchronized void stepIfDue() {
        Instant now = clock.instant();
        if (held) {
            return;
        }
        Step next = upcoming.isEmpty() ? Step.COMPARED : upcoming.peek();
        boolean answered = next != Step.SUCCEEDED || hook.isDone();
        if (answered && !now.isBefore(restingSince.plus(spec.pace.before(next)).plus(delay))) {
            step();
        } else if (!upcoming.isEmpty() && !now.isBefore(comparedAt.plus(spec.pace.before(Step.COMPARED)))) {
            compare(true);
        }
    }

    /** Whether {@link #stepIfDue} may have more to do now. */
    synchronized boolean isUnderWay() {
        return !upcoming.isEmpty();
    }

    private void awaitHook() {
        CompletableFuture<Boolean> called;
        synchronized (this) {
            called = hook;
        }
        called.join();
    }

    private synchronized Optional<Step> step() {
        if (held) {
            return Optional.empty();
        }
        Step taken = take(upcoming.isEmpty() ? Step.COMPARED : upcoming.peek());
        restingSince = clock.instant();
        delay = Duration.ZERO;
        return Optional.of(taken);
    }

    private Step take(Step step) {
        upcoming.poll();
        Step taken =
                switch (step) {
                    case COMPARED -> compare(true);
                    case RECONCILED -> reconcile(step);
                    case PROGRESSING -> spec.hook == null ? reconcile(step) : observed(step);
                    case OUT_OF_SYNC -> {
                        writeComparison();
                        yield step;
                    }
                    case STARTED -> start();
                    case APPLIED -> apply();
                    case SYNCED -> {
                        status.sync = live.sameAs(target) ? "Synced" : "OutOfSync";
                        yield step;
                    }
                    case ROLLED_OUT -> rollOut();
                    case HOOK_CALLED -> callHook();
                    case SUCCEEDED -> hook.join()
                            ? succeed("successfully synced (no more tasks)", "Succeeded")
                            : fail("Failed", "one or more synchronization tasks completed unsuccessfully", "Failed");
                    case FAILED -> fail(
                            "Failed",
                            "one or more synchronization tasks completed unsuccessfully, reason: " + pods.message(),
                            "");
                    case OPERATION_REQUESTED, RETRYING -> throw new IllegalStateException(step + " is never planned.");
                };
        write();
        return taken;
    }

    private Step observed(Step step) {
        observe();
        return step;
    }

    /** What Argo CD does after an operation: it compares with what it knows of git. That can lead to the next one. */
    private Step reconcile(Step step) {
        return compare(false) == Step.OPERATION_REQUESTED ? Step.OPERATION_REQUESTED : step;
    }

    private Step compare(boolean anew) {
        comparedAt = clock.instant();
        if (anew || target == null) {
            look();
        }
        if (spec.automated && trouble.isEmpty() && status.operation == null && !isSynced() && !isAttempted()) {
            request(target, "");
            upcoming.addFirst(Step.OUT_OF_SYNC);
            write();
            return Step.OPERATION_REQUESTED;
        }
        writeComparison();
        write();
        return Step.COMPARED;
    }

    private void look() {
        trouble = orderedTrouble;
        if (trouble.isEmpty()) {
            try {
                target = resolve(Map.of());
            } catch (IllegalStateException e) {
                trouble = e.getMessage();
            }
        }
    }

    private Target resolve(Map<Integer, String> wanted) {
        List<String> revisions = new ArrayList<>();
        List<String> trees = new ArrayList<>();
        var images = new TreeSet<String>();
        for (int i = 0; i < spec.sources.size(); i++) {
            Source source = spec.sources.get(i);
            String revision = wanted.getOrDefault(i + 1, source.targetRevision());
            try {
                GitCommit commit = repositories.resolve(source.repoUrl(), revision);
                revisions.add(commit.sha());
                trees.add(commit.id(source.path())
                        .orElseThrow(() -> new IllegalStateException(source.path() + ": app path does not exist")));
                images.addAll(spec.rendering.images(commit, source.path()));
            } catch (IllegalStateException e) {
                throw new IllegalStateException(
                        "Failed to load target state: failed to generate manifest for source " + (i + 1) + " of "
                                + spec.sources.size() + ": rpc error: code = Unknown desc = " + e.getMessage(),
                        e);
            }
        }
        return new Target(revisions, List.copyOf(spec.sources), trees, List.copyOf(images));
    }

    private boolean isSynced() {
        return target.sameAs(live);
    }

    /** Automated sync does not try a revision again that was deployed or has failed. */
    private boolean isAttempted() {
        return status.operationState != null
                && status.operationState.operation().revisions().equals(target.revisions())
                && status.operationState.operation().sources().equals(target.sources());
    }

    private void writeComparison() {
        status.reconciledAt = comparedAt;
        status.comparedTo = List.copyOf(spec.sources);
        if (!trouble.isEmpty()) {
            status.sync = "Unknown";
            // Nothing was resolved: Argo CD shows the name of the branch, or, with several sources, nothing.
            status.revisions = spec.plural ? List.of() : List.of(spec.sources.get(0).targetRevision());
            status.conditions = List.of(condition("ComparisonError", trouble));
        } else {
            status.sync = isSynced() ? "Synced" : "OutOfSync";
            status.revisions = target.revisions();
            boolean failed = !isSynced() && isAttempted() && !status.operationState.phase().equals("Succeeded");
            status.conditions = failed
                    ? List.of(condition(
                            "SyncError",
                            "Failed last sync attempt to [" + String.join(" ", target.revisions()) + "]: "
                                    + status.operationState.message()))
                    : List.of();
        }
        observe();
    }

    /** The same condition keeps the time at which it came up. */
    private Condition condition(String type, String message) {
        return status.conditions.stream()
                .filter(known -> known.type().equals(type) && known.message().equals(message))
                .findFirst()
                .orElseGet(() -> new Condition(type, message, clock.instant()));
    }

    private void observe() {
        Instant since = pods.health().equals(status.health.word()) ? status.health.since() : clock.instant();
        status.health = new Health(pods.health(), pods.message(), since);
        status.images = pods.images();
    }

    private void request(Target wanted, String user) {
        operated = wanted;
        status.operation = new Operation(wanted.revisions(), wanted.sources(), user, spec.retries);
        status.operationState = null;
        upcoming.clear();
        upcoming.addAll(List.of(Step.STARTED, Step.APPLIED));
    }

    private Step start() {
        OperationState before = status.operationState;
        status.operationState = before == null
                ? new OperationState(status.operation, "Running", "", clock.instant(), null, 0, false, "")
                : new OperationState(
                        status.operation,
                        "Running",
                        "Retrying operation. Attempt #" + before.retryCount(),
                        before.startedAt(),
                        null,
                        before.retryCount(),
                        false,
                        "");
        return Step.STARTED;
    }

    private Step apply() {
        Failure failure = failures.poll();
        if (failure != null) {
            return fail(failure.phase(), failure.message(), "");
        }
        if (!operated.sameAs(live)) {
            var both = new TreeSet<>(pods.images());
            both.addAll(operated.images());
            pods = new Pods("Progressing", "", List.copyOf(both));
            upcoming.addAll(List.of(Step.SYNCED, Step.PROGRESSING, Step.ROLLED_OUT));
        }
        live = operated;
        if (spec.hook == null) {
            if (upcoming.isEmpty()) {
                upcoming.add(Step.RECONCILED);
            }
            return succeed("successfully synced (all tasks run)", "");
        }
        upcoming.addAll(List.of(Step.HOOK_CALLED, Step.SUCCEEDED, Step.RECONCILED));
        return running("waiting for healthy state of apps/Deployment/" + spec.name, "", Step.APPLIED);
    }

    private Step rollOut() {
        boolean degraded = !orderedDegradation.isEmpty();
        pods = new Pods(degraded ? "Degraded" : "Healthy", orderedDegradation, live.images());
        orderedDegradation = "";
        observe();
        if (degraded && spec.hook != null) {
            // The operation still waits for the pods.
            upcoming.clear();
            upcoming.add(Step.FAILED);
        }
        return Step.ROLLED_OUT;
    }

    private Step callHook() {
        hook = caller.apply(spec.hook);
        return running("waiting for completion of hook batch/Job/postsync", "Running", Step.HOOK_CALLED);
    }

    private Step running(String message, String hookPhase, Step step) {
        OperationState state = status.operationState;
        status.operationState = new OperationState(
                state.operation(), "Running", message, state.startedAt(), null, state.retryCount(), true, hookPhase);
        return step;
    }

    private Step succeed(String message, String hookPhase) {
        end("Succeeded", message, hookPhase, 0);
        OperationState state = status.operationState;
        Operation operation = state.operation();
        long id = status.history.isEmpty() ? 0 : status.history.get(status.history.size() - 1).id() + 1;
        status.history.add(new Deployment(
                id,
                operation.revisions(),
                operation.sources(),
                state.startedAt(),
                state.finishedAt(),
                operation.user()));
        if (status.history.size() > HISTORY) {
            status.history.remove(0);
        }
        return Step.SUCCEEDED;
    }

    private Step fail(String phase, String message, String hookPhase) {
        upcoming.clear();
        int attempts = status.operationState.retryCount();
        if (attempts < status.operation.retries()) {
            Operation operation = status.operation;
            end("Running", message + ". Retrying attempt #" + (attempts + 1) + ".", hookPhase, 1);
            status.operation = operation;
            upcoming.addAll(List.of(Step.STARTED, Step.APPLIED));
            return Step.RETRYING;
        }
        end(phase, attempts == 0 ? message : message + " (retried " + attempts + " times).", hookPhase, 0);
        upcoming.add(Step.RECONCILED);
        return Step.FAILED;
    }

    private void end(String phase, String message, String hookPhase, int moreRetries) {
        OperationState state = status.operationState;
        status.operationState = new OperationState(
                state.operation(),
                phase,
                message,
                state.startedAt(),
                clock.instant(),
                state.retryCount() + moreRetries,
                true,
                hookPhase);
        status.operation = null;
    }

    private void write() {
        if (removed) {
            return;
        }
        ObjectNode json = ApplicationJson.render(spec, status, created);
        words.forEach((pointer, word) -> {
            JsonPointer place = JsonPointer.compile(pointer);
            json.withObject(place.head()).put(place.last().getMatchingProperty(), word);
        });
        store.write(spec, json);
    }
}
