package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.queue.ReplayResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/** Keeps the auto branch a straight line on main, of changes that are still to be decided (spec section 3.3). */
final class AutoBranchAlignment {

    private static final String MADE_AGAIN = "the branch was missing and was made again";

    private final RoundContext situation;
    private final TornReadGuard second;
    private final RefSnapshot view;
    private final CommitQueue line;
    private final AutoBranch branch;
    private final StateRef stateRef;

    /**
     * Works on one situation.
     *
     * @param second believes what is strange
     */
    AutoBranchAlignment(RoundContext situation, TornReadGuard second) {
        this.situation = situation;
        this.second = second;
        this.view = situation.view();
        this.line = situation.line();
        this.branch = situation.repository().autoBranch();
        this.stateRef = situation.repository().stateRef();
    }

    /** Where a missing auto branch is made again: where it was when last looked at, if that fits on main. */
    static ObjectId lastKnownAuto(AutoBranch branch, ObjectId main, RefSnapshot remembered) throws IOException {
        Optional<ObjectId> known = remembered.auto();
        return known.isPresent() && branch.graph().contains(known.get(), main) ? known.get() : main;
    }

    /** Makes the missing branch again where it was. */
    RefUpdateBatch madeAgain() {
        return moved(MADE_AGAIN, line.auto());
    }

    private RefUpdateBatch moved(String why, ObjectId to) {
        return new RefUpdateBatch(why, List.of(view.move(view.names().auto(), to)), false);
    }

    /** What is to be pushed so that the branch is such a line, and no change is gone without an end, if that is not so. */
    Optional<RefUpdateBatch> align(RefSnapshot remembered) throws IOException {
        Optional<RefUpdateBatch> push = straighten();
        return push.isPresent() ? push : settleVanished(remembered);
    }

    private Optional<RefUpdateBatch> straighten() throws IOException {
        boolean missing = view.auto().isEmpty();
        String why = missing ? MADE_AGAIN : "main moved to " + CommitSha.abbreviate(line.main());
        if (line.commits().isEmpty()) {
            return view.get(view.names().auto()).equals(line.main())
                    ? Optional.empty()
                    : Optional.of(moved(why, line.main()));
        }
        var undecided = new ArrayList<QueuedCommit>();
        var decided = new ArrayList<DecidedChange>();
        for (QueuedCommit commit : line.commits()) {
            Optional<ObjectId> onMain = branch.mainLog().upTo(line.main()).find(commit.id());
            Optional<DecidedChange> end = stateRef.find(view.state(), commit.id());
            if (end.isPresent() && !second.confirms(view)) {
                return Optional.of(RefUpdateBatch.LOOK_AGAIN);
            }
            if (onMain.isPresent() && end.isEmpty()) {
                decided.add(vanished(commit, onMain));
            }
            // A hand-made commit has no id of its own, and somebody may push it again.
            boolean pushedAgain = !missing && commit.trailers().isEmpty();
            if (onMain.isEmpty() && (end.isEmpty() || pushedAgain)) {
                undecided.add(commit);
            }
        }
        boolean someEnded = undecided.size() < line.commits().size();
        if (line.straight() && !someEnded) {
            return missing ? Optional.of(madeAgain()) : Optional.empty();
        }
        if (line.straight() && !missing) {
            why = "a change that had ended came back";
        }
        ReplayResult rebuilt = branch.replayer().replay(line.main(), List.of(), undecided);
        return Optional.of(situation.decisions().rewrite(rebuilt, decided, why));
    }

    /** Writes down the end of changes that were queued at the last look and are neither queued nor decided now. */
    Optional<RefUpdateBatch> settleVanished(RefSnapshot remembered) throws IOException {
        if (remembered.main().isEmpty()
                || remembered.auto().isEmpty()
                || remembered.auto().equals(view.auto()) && remembered.main().equals(view.main())) {
            return Optional.empty();
        }
        var decided = new ArrayList<DecidedChange>();
        boolean lost = false;
        for (QueuedCommit before :
                branch.queue().read(remembered.main().get(), remembered.auto().get()).commits()) {
            if (before.trailers().isEmpty()
                    || line.find(before.id()).isPresent()
                    || stateRef.find(view.state(), before.id()).isPresent()) {
                continue;
            }
            Optional<ObjectId> onMain = branch.mainLog().upTo(line.main()).find(before.id());
            lost |= onMain.isEmpty();
            decided.add(vanished(before, onMain));
        }
        if (decided.isEmpty()) {
            return Optional.empty();
        }
        if (lost && !second.confirms(view)) {
            return Optional.of(RefUpdateBatch.LOOK_AGAIN);
        }
        return Optional.of(situation.decisions().settle(decided, "found by looking"));
    }

    /** How a change ended that was not decided: somebody moved main to it, or took it away. */
    private DecidedChange vanished(QueuedCommit commit, Optional<ObjectId> onMain) {
        return new DecidedChange(
                commit.id(),
                onMain.isPresent() ? Outcome.MERGED : Outcome.LOST,
                null,
                onMain.isPresent()
                        ? "somebody moved main to it"
                        : "it vanished from " + situation.settings().autoBranch() + " without having been decided",
                commit.sha().name(),
                onMain.map(ObjectId::name).orElse(null),
                commit.subject(),
                commit.trailers(),
                situation.identity(),
                situation.now(),
                List.of());
    }
}
