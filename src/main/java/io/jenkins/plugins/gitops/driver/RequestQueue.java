package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** What others have asked the driver for and have not been answered yet. */
final class RequestQueue {

    /** A change to append. */
    record Append(NewChange change, CompletableFuture<SubmittedChange> answer) {}

    /** A verdict to keep; the answer is whether anybody waits for it. */
    record Report(CheckReport report, CompletableFuture<Boolean> answer) {}

    /** A change to take off the auto branch; the answer is whether it was there. */
    record Eviction(String id, String reason, CompletableFuture<Boolean> answer) {}

    /** A set to take from one wave to the next. */
    record Promote(PromotionRequest wish, CompletableFuture<PromotionResult> answer) {}

    /** Something to write into the state; the answer is that it is there. */
    record Mark(StateCommand marking, CompletableFuture<Void> answer) {}

    /** A commit to look for on main; the answer is whether it is there. */
    record OnMain(String sha, CompletableFuture<Boolean> answer) {}

    /** A question about the line as it is; the answer comes when nothing is left to be pushed. */
    record Study<T>(Work<T> work, CompletableFuture<T> answer) {

        /** What is to be found out. */
        interface Work<T> {
            T on(RoundContext now) throws IOException, GitOpsException;
        }

        void carryOut(RoundContext now) throws IOException {
            try {
                answer.complete(work.on(now));
            } catch (GitOpsException e) {
                answer.completeExceptionally(e);
            } catch (InvalidImagesException e) {
                answer.completeExceptionally(new RequestRefused("The image files cannot be read: " + e.getMessage()));
            }
        }
    }

    /** Those that had been asked before a look at the repository, so that the look can answer them. */
    record Batch(
            List<Append> appends,
            List<Report> reports,
            List<Eviction> evictions,
            List<Promote> promotions,
            List<Mark> markings,
            List<OnMain> questions,
            List<Study<?>> studies) {

        static final Batch NONE =
                new Batch(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

        boolean isEmpty() {
            return answers().findAny().isEmpty();
        }

        private Stream<CompletableFuture<?>> answers() {
            return Stream.of(
                            appends.stream().map(Append::answer),
                            reports.stream().map(Report::answer),
                            evictions.stream().map(Eviction::answer),
                            promotions.stream().map(Promote::answer),
                            markings.stream().map(Mark::answer),
                            questions.stream().map(OnMain::answer),
                            studies.stream().map(Study::answer))
                    .flatMap(answers -> answers);
        }
    }

    private final ConcurrentLinkedQueue<Append> appends = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Report> reports = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Eviction> evictions = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Promote> promotions = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Mark> markings = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<OnMain> questions = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Study<?>> studies = new ConcurrentLinkedQueue<>();

    CompletableFuture<SubmittedChange> append(NewChange change) {
        var request = new Append(change, new CompletableFuture<>());
        appends.add(request);
        return request.answer();
    }

    CompletableFuture<Boolean> report(CheckReport report) {
        var request = new Report(report, new CompletableFuture<>());
        reports.add(request);
        return request.answer();
    }

    CompletableFuture<Boolean> evict(String id, String reason) {
        var request = new Eviction(id, reason, new CompletableFuture<>());
        evictions.add(request);
        return request.answer();
    }

    CompletableFuture<PromotionResult> promote(PromotionRequest wish) {
        var request = new Promote(wish, new CompletableFuture<>());
        promotions.add(request);
        return request.answer();
    }

    CompletableFuture<Void> mark(StateCommand marking) {
        var request = new Mark(marking, new CompletableFuture<>());
        markings.add(request);
        return request.answer();
    }

    CompletableFuture<Boolean> isOnMain(String sha) {
        var request = new OnMain(sha, new CompletableFuture<>());
        questions.add(request);
        return request.answer();
    }

    <T> CompletableFuture<T> study(Study.Work<T> work) {
        var request = new Study<>(work, new CompletableFuture<T>());
        studies.add(request);
        return request.answer();
    }

    /** Those waiting now; answered ones are forgotten. */
    Batch waiting() {
        appends.removeIf(request -> request.answer().isDone());
        reports.removeIf(request -> request.answer().isDone());
        evictions.removeIf(request -> request.answer().isDone());
        promotions.removeIf(request -> request.answer().isDone());
        markings.removeIf(request -> request.answer().isDone());
        questions.removeIf(request -> request.answer().isDone());
        studies.removeIf(request -> request.answer().isDone());
        return new Batch(
                List.copyOf(appends),
                List.copyOf(reports),
                List.copyOf(evictions),
                List.copyOf(promotions),
                List.copyOf(markings),
                List.copyOf(questions),
                List.copyOf(studies));
    }

    /** Answers all that wait with a failure. */
    void failAll(Throwable failure) {
        waiting().answers().forEach(answer -> answer.completeExceptionally(failure));
    }
}
