package io.jenkins.plugins.gitops.world;

import io.jenkins.plugins.gitops.world.ApplicationSpec.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The fields {@code operation} and {@code status} of {@code v1alpha1Application}. */
final class ApplicationStatus {

    /** A requested operation. */
    record Operation(List<String> revisions, List<Source> sources, String user, int retries) {
        boolean automated() {
            return user.isEmpty();
        }
    }

    /**
     * An operation that has started.
     *
     * @param finishedAt null while it runs
     * @param result whether its {@code syncResult} is filled
     * @param hookPhase of the Job that is its PostSync hook, or empty as long as there is none
     */
    record OperationState(
            Operation operation,
            String phase,
            String message,
            Instant startedAt,
            Instant finishedAt,
            int retryCount,
            boolean result,
            String hookPhase) {

        static OperationState begun(Operation operation, Instant now) {
            return new OperationState(operation, "Running", "", now, null, 0, false, "");
        }

        OperationState begunAgain() {
            String message = "Retrying operation. Attempt #" + retryCount;
            return new OperationState(operation, "Running", message, startedAt, null, retryCount, false, "");
        }

        OperationState running(String message, String hookPhase) {
            return new OperationState(operation, "Running", message, startedAt, null, retryCount, true, hookPhase);
        }

        OperationState ended(String phase, String message, String hookPhase, Instant now) {
            return new OperationState(operation, phase, message, startedAt, now, retryCount, true, hookPhase);
        }

        /** Returns the state after a failure that is retried: it counts as running until the retry starts. */
        OperationState failedFirst(String message, String hookPhase, Instant now) {
            int retry = retryCount + 1;
            String next = message + ". Retrying attempt #" + retry + ".";
            return new OperationState(operation, "Running", next, startedAt, now, retry, true, hookPhase);
        }
    }

    record Health(String word, String message, Instant since) {}

    record Condition(String type, String message, Instant since) {}

    record Deployment(
            long id,
            List<String> revisions,
            List<Source> sources,
            Instant startedAt,
            Instant deployedAt,
            String user) {}

    Operation operation;
    OperationState operationState;
    String sync = "";
    List<String> revisions = List.of();
    List<Source> comparedTo = List.of();
    Health health = new Health("", "", null);
    List<String> images = List.of();
    List<Condition> conditions = List.of();
    final List<Deployment> history = new ArrayList<>();
    Instant reconciledAt;
}
