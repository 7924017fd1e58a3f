package io.jenkins.plugins.gitops.world;

import io.jenkins.plugins.gitops.world.ApplicationStatus.Condition;
import io.jenkins.plugins.gitops.world.ApplicationStatus.Deployment;
import io.jenkins.plugins.gitops.world.ApplicationStatus.Health;
import io.jenkins.plugins.gitops.world.ApplicationStatus.Operation;
import io.jenkins.plugins.gitops.world.ApplicationStatus.OperationState;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What Argo CD's application controller does with one application: what lies in git, what the cluster runs, and what is
 * said of both, which is not the same. The order is that of {@code controller/appcontroller.go} and of
 * {@code sync_context.go}. Not safe for use by several threads.
 */
final class ApplicationLifecycle {

    /** As {@code RevisionHistoryLimit} of Argo CD. */
    private static final int HISTORY = 10;

    private static final String UNSUCCESSFUL = "one or more synchronization tasks completed unsuccessfully";

    private record Pods(String health, String message, List<String> images) {}

    private record Failure(String phase, String message) {}

    private final ApplicationSpec spec;
    private final ApplicationStatus status;
    private final Clock clock;
    private final GitRepositories repositories;
    private final Function<PostSyncHook, CompletableFuture<Boolean>> caller;
    private final Deque<SyncStep> upcoming = new ArrayDeque<>();

    private SyncTarget target;
    private String trouble = "";
    private Instant comparedAt = Instant.MIN;
    private SyncTarget operated;
    private CompletableFuture<Boolean> hook = CompletableFuture.completedFuture(true);

    // The cluster.
    private SyncTarget live;
    private Pods pods = new Pods("Missing", "", List.of());

    // What is ordered.
    private final Deque<Failure> failures = new ArrayDeque<>();
    private String orderedTrouble = "";
    private Optional<String> orderedDegradation = Optional.empty();

    ApplicationLifecycle(
            ApplicationSpec spec,
            ApplicationStatus status,
            Clock clock,
            GitRepositories repositories,
            Function<PostSyncHook, CompletableFuture<Boolean>> caller) {
        this.spec = spec;
        this.status = status;
        this.clock = clock;
        this.repositories = repositories;
        this.caller = caller;
    }

    /** Returns whether there is no step before the next change in git. */
    boolean isResting() {
        return upcoming.isEmpty();
    }

    /** Returns the next step; a comparison when idle. */
    SyncStep next() {
        return upcoming.isEmpty() ? SyncStep.COMPARED : upcoming.peek();
    }

    /** Returns when it was compared with git last. */
    Instant comparedAt() {
        return comparedAt;
    }

    /** Completes with whether the hook has succeeded. */
    CompletableFuture<Boolean> hook() {
        return hook;
    }

    /** Takes the next step, and returns the step that it became: a comparison may find a difference. */
    SyncStep take() {
        SyncStep step = next();
        upcoming.poll();
        return switch (step) {
            case COMPARED -> compare();
            case OUT_OF_SYNC -> {
                writeComparison();
                yield step;
            }
            case STARTED -> start();
            case APPLIED -> apply();
            case SYNCED -> {
                status.sync = syncWord();
                yield step;
            }
            case PROGRESSING -> {
                if (spec.hook == null) {
                    yield reconcile(step);
                }
                observe();
                yield step;
            }
            case ROLLED_OUT -> rollOut();
            case HOOK_CALLED -> callHook();
            case SUCCEEDED ->
                hook.join()
                        ? succeed("successfully synced (no more tasks)", "Succeeded")
                        : fail("Failed", UNSUCCESSFUL, "Failed");
            case RECONCILED -> reconcile(step);
            case OPERATION_REQUESTED, FAILED, RETRYING -> throw new IllegalStateException(step + " is never planned.");
        };
    }

    /** Compares with git, in between if need be. */
    SyncStep compare() {
        look();
        return compareWithKnown();
    }

    /**
     * Has an operation asked for by a user.
     *
     * @param revisions in place of those that the sources follow, by position, which counts from 1
     */
    void sync(String user, Map<Integer, String> revisions) {
        for (Map.Entry<Integer, String> revision : revisions.entrySet()) {
            if (revision.getKey() < 1 || revision.getKey() > spec.sources.size()) {
                throw new ArgoCdApiError(ArgoCdApiError.Code.UNKNOWN, "source position is out of range");
            }
            String followed = spec.sources.get(revision.getKey() - 1).targetRevision();
            if (spec.automated && !revision.getValue().equals(followed.isEmpty() ? "HEAD" : followed)) {
                throw new ArgoCdApiError(
                        ArgoCdApiError.Code.FAILED_PRECONDITION,
                        "Cannot sync to " + revision.getValue() + ": auto-sync currently set to " + followed);
            }
        }
        if (status.operation != null) {
            throw new ArgoCdApiError(
                    ArgoCdApiError.Code.FAILED_PRECONDITION,
                    "error setting app operation: rpc error: code = FailedPrecondition desc = another operation is"
                            + " already in progress");
        }
        SyncTarget wanted;
        try {
            wanted = SyncTarget.read(spec, repositories, revisions);
        } catch (IllegalStateException e) {
            throw new ArgoCdApiError(ArgoCdApiError.Code.FAILED_PRECONDITION, e.getMessage());
        }
        if (target == null) {
            look();
        }
        request(wanted, user);
    }

    void failNext(int attempts, String phase, String message) {
        failures.clear();
        for (int i = 0; i < attempts; i++) {
            failures.add(new Failure(phase, message));
        }
    }

    void comparisonError(String message) {
        orderedTrouble = message;
    }

    void degrade(String message) {
        if (isRollingOut()) {
            orderedDegradation = Optional.of(message);
        }
        health("Degraded", message);
    }

    void degradeNextRollout(String message) {
        orderedDegradation = Optional.of(message);
    }

    void recover() {
        orderedDegradation = Optional.empty();
        health(isRollingOut() ? "Progressing" : "Healthy", "");
    }

    private void health(String word, String message) {
        pods = new Pods(word, message, pods.images());
        observe();
    }

    private boolean isRollingOut() {
        return upcoming.contains(SyncStep.ROLLED_OUT);
    }

    private void look() {
        trouble = orderedTrouble;
        if (trouble.isEmpty()) {
            try {
                target = SyncTarget.read(spec, repositories, Map.of());
            } catch (IllegalStateException e) {
                trouble = e.getMessage();
            }
        }
    }

    /** What Argo CD does after an operation: it compares with what it knows of git. That can lead to the next one. */
    private SyncStep reconcile(SyncStep step) {
        return compareWithKnown() == SyncStep.OPERATION_REQUESTED ? SyncStep.OPERATION_REQUESTED : step;
    }

    private SyncStep compareWithKnown() {
        comparedAt = clock.instant();
        if (spec.automated && status.operation == null && syncWord().equals("OutOfSync") && !isAttempted()) {
            request(target, "");
            upcoming.addFirst(SyncStep.OUT_OF_SYNC);
            return SyncStep.OPERATION_REQUESTED;
        }
        writeComparison();
        return SyncStep.COMPARED;
    }

    private String syncWord() {
        if (!trouble.isEmpty()) {
            return "Unknown";
        }
        return target.sameAs(live) ? "Synced" : "OutOfSync";
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
        status.sync = syncWord();
        if (!trouble.isEmpty()) {
            // Nothing was resolved: Argo CD shows the name of the branch, or, with several sources, nothing.
            status.revisions =
                    spec.plural ? List.of() : List.of(spec.sources.get(0).targetRevision());
            status.conditions = List.of(condition("ComparisonError", trouble));
        } else {
            status.revisions = target.revisions();
            boolean failed = status.sync.equals("OutOfSync")
                    && isAttempted()
                    && !status.operationState.phase().equals("Succeeded");
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

    private void request(SyncTarget wanted, String user) {
        operated = wanted;
        status.operation = new Operation(wanted.revisions(), wanted.sources(), user, spec.retries);
        status.operationState = null;
        // Pods that are coming up do not care.
        boolean rolling = isRollingOut();
        upcoming.clear();
        upcoming.add(SyncStep.STARTED);
        if (rolling) {
            upcoming.add(SyncStep.ROLLED_OUT);
        }
        upcoming.add(SyncStep.APPLIED);
    }

    private SyncStep start() {
        status.operationState = status.operationState == null
                ? OperationState.begun(status.operation, clock.instant())
                : status.operationState.begunAgain();
        return SyncStep.STARTED;
    }

    private SyncStep apply() {
        Failure failure =
                orderedTrouble.isEmpty() ? failures.poll() : new Failure("Error", "ComparisonError: " + orderedTrouble);
        if (failure != null) {
            return fail(failure.phase(), failure.message(), "");
        }
        if (!operated.sameAs(live)) {
            var both = new TreeSet<>(pods.images());
            both.addAll(operated.images());
            pods = new Pods("Progressing", "", List.copyOf(both));
            upcoming.addAll(List.of(SyncStep.SYNCED, SyncStep.PROGRESSING, SyncStep.ROLLED_OUT));
        }
        live = operated;
        if (spec.hook == null) {
            if (upcoming.isEmpty()) {
                upcoming.add(SyncStep.RECONCILED);
            }
            return succeed("successfully synced (all tasks run)", "");
        }
        upcoming.addAll(List.of(SyncStep.HOOK_CALLED, SyncStep.SUCCEEDED, SyncStep.RECONCILED));
        status.operationState =
                status.operationState.running("waiting for healthy state of apps/Deployment/" + spec.name, "");
        return SyncStep.APPLIED;
    }

    private SyncStep rollOut() {
        pods = new Pods(
                orderedDegradation.isPresent() ? "Degraded" : "Healthy", orderedDegradation.orElse(""), live.images());
        orderedDegradation = Optional.empty();
        observe();
        return SyncStep.ROLLED_OUT;
    }

    private SyncStep callHook() {
        if (pods.health().equals("Degraded")) {
            return fail("Failed", UNSUCCESSFUL + ", reason: " + pods.message(), "");
        }
        hook = caller.apply(spec.hook);
        status.operationState =
                status.operationState.running("waiting for completion of hook batch/Job/postsync", "Running");
        return SyncStep.HOOK_CALLED;
    }

    private SyncStep succeed(String message, String hookPhase) {
        Instant now = clock.instant();
        Operation operation = status.operation;
        long id = status.history.isEmpty()
                ? 0
                : status.history.get(status.history.size() - 1).id() + 1;
        status.history.add(new Deployment(
                id,
                operation.revisions(),
                operation.sources(),
                status.operationState.startedAt(),
                now,
                operation.user()));
        if (status.history.size() > HISTORY) {
            status.history.remove(0);
        }
        status.operationState = status.operationState.ended("Succeeded", message, hookPhase, now);
        status.operation = null;
        return SyncStep.SUCCEEDED;
    }

    private SyncStep fail(String phase, String message, String hookPhase) {
        Instant now = clock.instant();
        upcoming.clear();
        int retried = status.operationState.retryCount();
        if (retried < status.operation.retries()) {
            status.operationState = status.operationState.failedFirst(message, hookPhase, now);
            upcoming.addAll(List.of(SyncStep.STARTED, SyncStep.APPLIED));
            return SyncStep.RETRYING;
        }
        String last = retried == 0 ? message : message + " (retried " + retried + " times).";
        status.operationState = status.operationState.ended(phase, last, hookPhase, now);
        status.operation = null;
        upcoming.add(SyncStep.RECONCILED);
        return SyncStep.FAILED;
    }
}
