package io.jenkins.plugins.gitops.generation;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.worktree.BodyChanges;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/**
 * The trees that the driver of a repository wants from its generator. Builds of the generator take one after the other
 * and hand in what they have made. Answers for trees that are not wanted any more are dropped. A build that ends
 * without an answer gives back what it has taken. Thread-safe.
 */
public final class GenerationWorkQueue {

    /** The number of attempts before a tree counts as one that cannot be generated. */
    private static final int ATTEMPTS = 2;

    /** When main itself cannot be generated, it is tried again after this time: its cause may be gone. */
    private static final Duration AGAIN_AFTER = Duration.ofMinutes(10);

    /** The delay before the next build, after one that has made nothing; it doubles up to {@link #AGAIN_AFTER}. */
    private static final Duration FIRST_DELAY = Duration.ofSeconds(15);

    private static final int MAX_DOUBLINGS = 6;

    /** One tree in so many is generated twice, to notice a generator that gives different results. */
    private static final int CHECK_EVERY = 25;

    private final GeneratorSettings settings;
    private final Clock clock;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final Map<ObjectId, WorkItem> items = new LinkedHashMap<>();
    private final Set<GeneratorBuild> productive = new HashSet<>();
    private Runnable onAnswer = () -> {};

    @CheckForNull
    private Source source;

    private CompletableFuture<Void> settled = CompletableFuture.completedFuture(null);
    private Optional<String> stuck = Optional.empty();
    private Optional<Instant> stuckUntil = Optional.empty();
    private Optional<String> obstacle = Optional.empty();
    private Optional<String> irreproducible = Optional.empty();
    private Optional<GenerationRequest> toCheck = Optional.empty();
    private int answered;

    /** Whether the driver needs all answers before it can go on. */
    private boolean needsAll;

    private int unproductiveInARow;
    private Instant notBefore = Instant.MIN;

    /** The clone as of the last round. */
    private record Source(Repository git, GeneratedTrees answers) {}

    /** A wanted tree, and who works on it. */
    private static final class WorkItem {

        private GenerationRequest request;
        private int failures;

        @CheckForNull
        private GeneratorBuild worker;

        private Instant leaseEnd = Instant.MIN;

        WorkItem(GenerationRequest request) {
            this.request = request;
        }

        boolean isFree(Instant now) {
            return worker == null || !now.isBefore(leaseEnd);
        }
    }

    public GenerationWorkQueue(GeneratorSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    public GeneratorSettings settings() {
        return settings;
    }

    /** Sets what is called after an answer with which the driver may go on. */
    public synchronized void onAnswer(Runnable listener) {
        onAnswer = listener;
    }

    // ---- the driver ----------------------------------------------------------------------------------------------

    /**
     * Replaces all requests by those of the last round.
     *
     * @param git the clone
     * @param answers the answers that the clone keeps
     */
    public void replaceRequests(Repository git, GeneratedTrees answers, GenerationBatch batch) throws IOException {
        CompletableFuture<Void> done;
        synchronized (this) {
            source = new Source(git, answers);
            Instant now = clock.instant();
            var before = new LinkedHashMap<>(items);
            items.clear();
            stuck = Optional.empty();
            stuckUntil = Optional.empty();
            needsAll = batch.holdsAuto();
            for (GenerationRequest request : batch.requests()) {
                GeneratedTrees.Answer answer = answers.find(request.input()).orElse(null);
                if (answer instanceof GeneratedTrees.Answer.Failed failure) {
                    Instant again = failure.at().plus(AGAIN_AFTER);
                    if (now.isBefore(again)) {
                        stuckUntil = stuckUntil
                                .filter(until -> until.isBefore(again))
                                .or(() -> Optional.of(again));
                        String why = "The generator fails for " + request.purpose() + ": " + failure.reason()
                                + ". It is tried again at " + again + ".";
                        // What is below is named, rather than what stands on it.
                        stuck = stuck.or(() -> Optional.of(why));
                        continue;
                    }
                    answers.forget(request.input());
                } else if (answer != null) {
                    continue;
                }
                WorkItem item = before.getOrDefault(request.input(), new WorkItem(request));
                item.request = request;
                items.putIfAbsent(request.input(), item);
            }
            done = settled;
        }
        ready.complete(null);
        done.complete(null);
    }

    /** The time at which something is to be done without a new answer; empty if nothing is. */
    public synchronized Optional<Instant> nextLook() {
        return items.isEmpty() || notBefore.equals(Instant.MIN) ? stuckUntil : Optional.of(notBefore);
    }

    /** Describes what the driver waits for, in a sentence; empty if it waits for nothing. */
    public synchronized Optional<String> sentence() {
        if (items.isEmpty()) {
            return stuck;
        }
        WorkItem first = items.values().iterator().next();
        for (WorkItem item : items.values()) {
            if (item.worker != null) {
                return Optional.of(
                        "Generating for " + item.request.purpose() + ", in the build " + item.worker.shown() + ".");
            }
        }
        String waiting =
                "Waiting for a build of " + settings.job() + ", to generate for " + first.request.purpose() + ".";
        if (obstacle.isPresent()) {
            return Optional.of(waiting + " " + obstacle.get());
        }
        return Optional.of(
                unproductiveInARow == 0
                        ? waiting
                        : waiting + " Its last "
                                + (unproductiveInARow == 1 ? "build has" : unproductiveInARow + " builds have")
                                + " generated nothing; the next one may start at " + notBefore + ".");
    }

    /** The problems of the generator, a sentence each. */
    public synchronized List<String> problems() {
        return Stream.of(stuck, obstacle, irreproducible)
                .flatMap(Optional::stream)
                .toList();
    }

    // ---- starting builds -----------------------------------------------------------------------------------------

    /** Whether a build of the job should work now, if none does. */
    public synchronized boolean wantsBuild() {
        Instant now = clock.instant();
        return !now.isBefore(notBefore) && items.values().stream().anyMatch(item -> item.isFree(now));
    }

    /** Records why no build can be started, a sentence; empty when one can. */
    public synchronized void obstacle(Optional<String> why) {
        obstacle = why;
    }

    // ---- builds --------------------------------------------------------------------------------------------------

    /** Is completed when the driver has requested trees for the first time. */
    public CompletableFuture<Void> whenReady() {
        return ready;
    }

    /** Is completed when the driver has seen the last answer and requested further trees. */
    public synchronized CompletableFuture<Void> whenSettled() {
        return settled;
    }

    /** Takes the first tree that nobody works on; empty if there is none. */
    public Optional<GenerationTask> take(GeneratorBuild build) throws IOException {
        while (true) {
            GenerationRequest wanted;
            var kind = GenerationTask.Kind.FIRST;
            Source from;
            synchronized (this) {
                from = source;
                Instant now = clock.instant();
                WorkItem free = items.values().stream()
                        .filter(item -> item.isFree(now))
                        .findFirst()
                        .orElse(null);
                if (free != null) {
                    free.worker = build;
                    // The step stops a body that takes longer; this is for a build that nobody sees end.
                    free.leaseEnd = now.plus(settings.timeout().multipliedBy(2));
                    wanted = free.request;
                } else if (toCheck.isPresent()) {
                    wanted = toCheck.get();
                    toCheck = Optional.empty();
                    kind = GenerationTask.Kind.CHECK;
                } else {
                    return Optional.empty();
                }
            }
            try {
                Source clone = Objects.requireNonNull(from);
                return Optional.of(GenerationTask.of(clone.git(), clone.answers(), wanted, kind));
            } catch (RequestRefused e) {
                failed(build, wanted.input().name(), e.getMessage());
            }
        }
    }

    /**
     * Takes a tree again that a build had taken before a restart. It may not be wanted yet, since who wants it may not
     * have asked again; what is made of it is remembered all the same.
     *
     * @param input as {@link GenerationTask#input()} was
     * @param outdated as {@link GenerationTask#outdated()} was
     * @return nothing if the clone does not have the tree
     */
    public Optional<GenerationTask> takeAgain(GeneratorBuild build, String input, String outdated) throws IOException {
        Source from;
        GenerationRequest wanted;
        synchronized (this) {
            from = source;
            WorkItem item = items.get(ObjectId.fromString(input));
            if (item != null) {
                item.worker = build;
                item.leaseEnd = clock.instant().plus(settings.timeout().multipliedBy(2));
            }
            wanted = item != null
                    ? item.request
                    : new GenerationRequest(
                            ObjectId.fromString(input),
                            ObjectId.fromString(outdated),
                            "a commit from before the restart");
        }
        if (from == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(GenerationTask.of(from.git(), from.answers(), wanted, GenerationTask.Kind.RESUMED));
        } catch (MissingObjectException e) {
            return Optional.empty();
        } catch (RequestRefused e) {
            failed(build, input, e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Hands in what was generated.
     *
     * @return whether somebody still wants it
     */
    public boolean complete(GeneratorBuild build, GenerationTask task, BodyChanges changes) throws IOException {
        ObjectId complete;
        try {
            complete = task.write(changes);
        } catch (RequestRefused e) {
            return failed(build, task.input(), e.getMessage());
        }
        synchronized (this) {
            ObjectId input = task.wanted().input();
            if (task.kind() == GenerationTask.Kind.CHECK) {
                compare(build, task, input, complete);
                return true;
            }
            boolean wanted = items.containsKey(input);
            if (source == null || !wanted && task.kind() != GenerationTask.Kind.RESUMED) {
                return false;
            }
            if (!task.isOf(source.answers())) {
                // The clone was replaced meanwhile and has not got what was written.
                Optional.ofNullable(items.get(input)).ifPresent(item -> item.worker = null);
                return wanted;
            }
            items.remove(input);
            source.answers().complete(input, complete);
            productive.add(build);
            unproductiveInARow = 0;
            notBefore = Instant.MIN;
            if (++answered % CHECK_EVERY == 0) {
                toCheck = Optional.of(task.wanted());
            }
        }
        answered(false);
        return true;
    }

    private void compare(GeneratorBuild build, GenerationTask task, ObjectId input, ObjectId complete)
            throws IOException {
        boolean same = source == null
                || source.answers()
                        .find(input)
                        .map(new GeneratedTrees.Answer.Complete(complete)::equals)
                        .orElse(true);
        irreproducible = same
                ? Optional.empty()
                : Optional.of("The generator is not reproducible: the build " + build.shown() + " generated twice for "
                        + task.wanted().purpose()
                        + ", and the results differ. Let it make equal files of equal inputs.");
    }

    /**
     * Records that a tree could not be generated. It is tried again before that counts.
     *
     * @param reason a part of a sentence
     * @return whether somebody still wants it
     */
    public boolean failed(GeneratorBuild build, String input, String reason) {
        synchronized (this) {
            ObjectId tree = ObjectId.fromString(input);
            WorkItem item = items.get(tree);
            if (item == null || source == null) {
                return false;
            }
            productive.add(build);
            item.failures++;
            item.worker = null;
            if (item.failures < ATTEMPTS) {
                return true;
            }
            items.remove(tree);
            source.answers()
                    .failed(
                            tree,
                            new GeneratedTrees.Answer.Failed(
                                    SingleLine.excerpt(reason) + ", in the build " + build.shown(), clock.instant()));
        }
        answered(true);
        return true;
    }

    /** Gives back a tree that a build has taken and does not go on with; nothing if it has handed that in. */
    public void giveBack(GeneratorBuild build, String input) {
        synchronized (this) {
            WorkItem item = items.get(ObjectId.fromString(input));
            if (item == null || !build.equals(item.worker)) {
                return;
            }
            item.worker = null;
        }
        wake();
    }

    /**
     * Gives back what a build has taken, since it has ended. The next one may start now, unless this one has generated
     * nothing.
     *
     * @param wasStartedForThis whether the driver has started the build; from others no answer was expected
     */
    public void release(GeneratorBuild build, boolean wasStartedForThis) {
        synchronized (this) {
            for (WorkItem item : items.values()) {
                if (build.equals(item.worker)) {
                    item.worker = null;
                }
            }
            if (!productive.remove(build) && wasStartedForThis && !items.isEmpty()) {
                notBefore = clock.instant().plus(delay(unproductiveInARow));
                unproductiveInARow++;
            }
        }
        wake();
    }

    private static Duration delay(int before) {
        Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(before, MAX_DOUBLINGS));
        return delay.compareTo(AGAIN_AFTER) < 0 ? delay : AGAIN_AFTER;
    }

    private void answered(boolean failed) {
        synchronized (this) {
            if (needsAll && !failed && !items.isEmpty()) {
                return;
            }
            if (settled.isDone()) {
                settled = new CompletableFuture<>();
            }
        }
        wake();
    }

    private void wake() {
        Runnable listener;
        synchronized (this) {
            listener = onAnswer;
        }
        listener.run();
    }
}
