package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AppendChange;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ReadState;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.RequestWithdrawal;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The requests that the driver has not answered yet. Any thread may submit; the rest is for the driver's thread. */
final class RequestQueue {

    /** The number of failures in a row after which it is not the requests at which rounds fail. */
    private static final int MOST_FAILURES = 3;

    /**
     * A request and its answer.
     *
     * @param withdrawal is asked before anything is done for the request
     * @param <R> the type of the request
     * @param <T> the type of its answer
     */
    record Pending<R extends DriverRequest<T>, T>(
            R request, CompletableFuture<T> answer, RequestWithdrawal withdrawal) {

        boolean isOver() {
            return answer.isDone() || withdrawal.isWithdrawn();
        }

        /** Answers the request; null only where the answer has no value. */
        void complete(@Nullable T value) {
            answer.complete(value);
        }

        void fail(Throwable failure) {
            answer.completeExceptionally(failure);
        }
    }

    /**
     * Requests that were submitted before a snapshot of the repository was taken, so that the snapshot can answer them.
     */
    record Batch(List<Pending<?, ?>> all) {

        static final Batch NONE = new Batch(List.of());

        /** Whether some request asks for a push, not only for an answer. */
        boolean asksForPush() {
            return all.stream()
                    .map(Pending::request)
                    .anyMatch(request -> request instanceof DriverRequest.AppendChange
                            || request instanceof DriverRequest.RecordReport
                            || request instanceof DriverRequest.EvictChange
                            || request instanceof DriverRequest.Promote
                            || request instanceof DriverRequest.ApplyStateCommand
                            || request instanceof DriverRequest.AcceptMain
                            || request instanceof DriverRequest.RepairState);
        }

        /** Whether some request asks for the state of the repository. */
        boolean asksForState() {
            return all.stream().map(Pending::request).anyMatch(ReadState.class::isInstance);
        }

        /**
         * Takes the requests of one type, in the order in which they were submitted. From then on they cannot be
         * withdrawn.
         */
        <R extends DriverRequest<T>, T> List<Pending<R, T>> of(Class<R> type) {
            return all.stream()
                    .filter(pending -> type.isInstance(pending.request()))
                    .filter(pending -> pending.withdrawal().take())
                    .map(Batch::<R, T>cast)
                    .toList();
        }

        /** Whether a change is to be appended. */
        boolean appends(String change) {
            return all.stream()
                    .map(Pending::request)
                    .anyMatch(request -> request instanceof AppendChange append
                                    && append.change().id().equals(change)
                            || request instanceof Promote promote
                                    && promote.promotion().id().equals(change));
        }

        /** The type of a request determines the type of its answer. */
        @SuppressWarnings("unchecked")
        private static <R extends DriverRequest<T>, T> Pending<R, T> cast(Pending<?, ?> pending) {
            return (Pending<R, T>) pending;
        }
    }

    private final Queue<Pending<?, ?>> unanswered = new ConcurrentLinkedQueue<>();

    private Batch taken = Batch.NONE;

    /** Whether requests are taken one by one, so that one at which rounds fail keeps no other from an answer. */
    private boolean oneByOne;

    /** The failures since a round succeeded with one request. */
    private int failures;

    <T> CompletableFuture<T> submit(DriverRequest<T> request, RequestWithdrawal withdrawal) {
        var pending = new Pending<>(request, new CompletableFuture<T>(), withdrawal);
        unanswered.add(pending);
        return pending.answer();
    }

    /**
     * The unanswered requests, or only the first of them after {@link #isolate}. They stay in the queue until they are
     * answered.
     */
    Batch take() {
        unanswered.removeIf(Pending::isOver);
        taken = new Batch(unanswered.stream()
                .limit(oneByOne ? 1 : Long.MAX_VALUE)
                .<Pending<?, ?>>map(pending -> pending)
                .toList());
        return taken;
    }

    /**
     * A round has failed, maybe at a request of the last batch. Those of a batch of several are taken again, one by one;
     * but if rounds fail with one after the other too, all are left to fail.
     */
    void isolate() {
        failures++;
        if (failures > MOST_FAILURES) {
            oneByOne = false;
            take();
        } else if (taken.all().size() > 1) {
            oneByOne = true;
            taken = Batch.NONE;
        }
    }

    /** Whether requests are to be taken one by one still. */
    boolean hasMore() {
        oneByOne = oneByOne && !isEmpty();
        return oneByOne;
    }

    /** A round has succeeded. */
    void succeeded() {
        failures = 0;
    }

    /** Answers those of the last batch that ask for the state of the repository. */
    void answerReads(RepositoryState state) {
        taken.of(ReadState.class).forEach(pending -> pending.complete(state));
    }

    boolean isEmpty() {
        return unanswered.stream().allMatch(Pending::isOver);
    }

    /** Fails the unanswered requests of the last batch; those that were submitted later wait for the next round. */
    void failTaken(Throwable failure) {
        taken.all().forEach(pending -> pending.fail(failure));
        taken = Batch.NONE;
    }

    /** Fails all unanswered requests. */
    void failAll(Throwable failure) {
        for (Pending<?, ?> next = unanswered.poll(); next != null; next = unanswered.poll()) {
            next.fail(failure);
        }
    }
}
