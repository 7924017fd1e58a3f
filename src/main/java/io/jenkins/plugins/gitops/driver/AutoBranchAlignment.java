package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.driver.RequestQueue.Batch;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.queue.ReplayResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Restores the order of the auto branch: a linear sequence of commits on main, each of an undecided change. It creates
 * a missing branch again, replays the branch after main or the branch was moved, and records the end of changes that
 * were removed or merged without a driver.
 */
final class AutoBranchAlignment {

    private static final String MADE_AGAIN = "the branch was missing and was made again";

    private final RoundContext context;
    private final TornReadGuard tornReads;
    private final Batch batch;
    private final RefSnapshot refs;
    private final CommitQueue queue;
    private final AutoBranch branch;
    private final StateRef stateRef;

    AutoBranchAlignment(RoundContext context, TornReadGuard tornReads, Batch batch) {
        this.context = context;
        this.tornReads = tornReads;
        this.batch = batch;
        this.refs = context.refs();
        this.queue = context.queue();
        this.branch = context.services().autoBranch();
        this.stateRef = context.services().stateRef();
    }

    /** The tip for a missing auto branch: the remembered tip if it contains main, else main. */
    static ObjectId lastKnownAuto(AutoBranch branch, ObjectId main, RefSnapshot remembered) throws IOException {
        Optional<ObjectId> known = remembered.auto();
        return known.isPresent() && branch.graph().contains(known.get(), main) ? known.get() : main;
    }

    /** Creates the missing branch again at the tip of the queue. */
    RoundAction recreated() {
        return moved(MADE_AGAIN, queue.auto());
    }

    private RoundAction moved(String why, ObjectId to) {
        return RefUpdateBatch.of(refs.move(refs.names().auto(), to)).rewriting(why);
    }

    /**
     * Returns the push that restores the order of the branch; empty if the branch is in order.
     *
     * @param remembered the refs when the driver finished its last round
     */
    Optional<RoundAction> align(RefSnapshot remembered) throws IOException {
        Optional<RoundAction> action = recordTakenAway();
        action = action.isPresent() ? action : linearise();
        return action.isPresent() ? action : recordVanished(remembered);
    }

    private Optional<RoundAction> linearise() throws IOException {
        boolean missing = refs.auto().isEmpty();
        String why = missing ? MADE_AGAIN : "main moved to " + CommitSha.abbreviate(queue.main());
        if (queue.commits().isEmpty()) {
            return refs.get(refs.names().auto()).equals(queue.main())
                    ? Optional.empty()
                    : Optional.of(moved(why, queue.main()));
        }
        var undecided = new ArrayList<QueuedCommit>();
        var decided = new ArrayList<DecidedChange>();
        for (QueuedCommit commit : queue.commits()) {
            Optional<ObjectId> onMain = branch.mainLog().upTo(queue.main()).find(commit.id());
            Optional<DecidedChange> end = stateRef.find(refs.state(), commit.id());
            if (end.isPresent() && !tornReads.recordAndConfirm(refs)) {
                return Optional.of(new RoundAction.ReadAgain());
            }
            if (onMain.isPresent() && end.isEmpty()) {
                decided.add(vanished(commit, onMain));
            }
            // The id of a hand-made commit is its SHA, so the same commit can be pushed again after it has ended.
            boolean pushedAgain = !missing && commit.trailers().isEmpty();
            if (onMain.isEmpty() && (end.isEmpty() || pushedAgain)) {
                undecided.add(commit);
            }
        }
        boolean someEnded = undecided.size() < queue.commits().size();
        if (queue.straight() && !someEnded) {
            return missing ? Optional.of(recreated()) : Optional.empty();
        }
        if (queue.straight() && !missing) {
            why = "a change that had ended came back";
        }
        ReplayResult rebuilt = branch.replayer().replay(queue.main(), List.of(), undecided);
        if (!rebuilt.isComplete()) {
            context.generation().forRewrite(rebuilt.wanted());
            return Optional.empty();
        }
        return Optional.of(context.pushes().rewrite(rebuilt, decided, why));
    }

    /**
     * Records the end of changes that were queued when any driver moved the auto branch last, and are neither queued
     * nor decided now. To be done before the branch is moved, since each push of it replaces what is known of them.
     */
    Optional<RoundAction> recordTakenAway() throws IOException {
        ObjectId pushed = refs.get(refs.names().autoAsPushed());
        if (pushed.equals(ObjectId.zeroId())
                || pushed.equals(refs.get(refs.names().auto()))) {
            return Optional.empty();
        }
        // A build that was not told yet, since its driver ended, asks again, and has its change appended again.
        return recordVanished(branch.queue().read(queue.main(), pushed).commits().stream()
                .filter(commit -> !batch.appends(commit.id()))
                .toList());
    }

    /** Records the end of changes that were queued when the last round ended and are neither queued nor decided now. */
    Optional<RoundAction> recordVanished(RefSnapshot remembered) throws IOException {
        if (remembered.main().isEmpty()
                || remembered.auto().isEmpty()
                || remembered.auto().equals(refs.auto()) && remembered.main().equals(refs.main())) {
            return Optional.empty();
        }
        return recordVanished(branch.queue()
                .read(remembered.main().get(), remembered.auto().get())
                .commits());
    }

    private Optional<RoundAction> recordVanished(List<QueuedCommit> queuedBefore) throws IOException {
        var decided = new ArrayList<DecidedChange>();
        boolean lost = false;
        for (QueuedCommit before : queuedBefore) {
            if (before.trailers().isEmpty()
                    || queue.find(before.id()).isPresent()
                    || stateRef.find(refs.state(), before.id()).isPresent()) {
                continue;
            }
            Optional<ObjectId> onMain = branch.mainLog().upTo(queue.main()).find(before.id());
            lost |= onMain.isEmpty();
            decided.add(vanished(before, onMain));
        }
        if (decided.isEmpty()) {
            return Optional.empty();
        }
        if (lost && !tornReads.recordAndConfirm(refs)) {
            return Optional.of(new RoundAction.ReadAgain());
        }
        return Optional.of(context.pushes().record(decided, "found by looking"));
    }

    /**
     * The end of a change without a decision of a driver: a user moved main to it, or removed it from the auto branch.
     */
    private DecidedChange vanished(QueuedCommit commit, Optional<ObjectId> onMain) {
        DecidedChange.End end = onMain.isPresent()
                ? DecidedChange.End.of(Outcome.MERGED, "somebody moved main to it", onMain.map(ObjectId::name))
                : DecidedChange.End.of(
                        Outcome.LOST,
                        "it vanished from " + context.settings().autoBranch() + " without having been decided",
                        Optional.empty());
        return DecidedChange.of(commit, end, context.identity(), context.now());
    }
}
