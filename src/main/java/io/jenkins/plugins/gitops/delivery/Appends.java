package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.errors.ConfigConflict;
import io.jenkins.plugins.gitops.errors.GitOpsException;
import io.jenkins.plugins.gitops.errors.Refused;
import io.jenkins.plugins.gitops.errors.WaveFrozen;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.repo.Appending;
import io.jenkins.plugins.gitops.repo.Line;
import io.jenkins.plugins.gitops.repo.NewChange;
import io.jenkins.plugins.gitops.repo.Outcome;
import io.jenkins.plugins.gitops.repo.QueuedCommit;
import io.jenkins.plugins.gitops.repo.RefChange;
import io.jenkins.plugins.gitops.waves.Condition;
import io.jenkins.plugins.gitops.waves.Hold;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.ObjectId;

/** Lays changes and promotions on the auto branch; who asked is answered when a look finds what was laid. */
final class Appends {

    private final RepositorySettings settings;
    private final Outside outside = new Outside();

    /** What held when a promotion was laid on the branch, until its push is answered. */
    private final Map<String, List<Condition>> promotedUnder = new HashMap<>();

    Appends(RepositorySettings settings) {
        this.settings = settings;
    }

    /** All that is asked for, in one push. */
    Optional<Push> next(Situation situation, Requests.Batch batch) throws IOException {
        var laying = new Laying(situation);
        for (Requests.Append request : batch.appends()) {
            laying.append(request);
        }
        for (Requests.Promote request : batch.promotions()) {
            laying.promote(request);
        }
        return laying.push();
    }

    /** The branch as it grows in one push. */
    private final class Laying {
        private final Situation situation;
        private final List<Marking.HoldWave> holds = new ArrayList<>();
        private Line line;

        Laying(Situation situation) {
            this.situation = situation;
            this.line = situation.line();
        }

        private boolean hasGrown() {
            return line != situation.line();
        }

        Optional<Push> push() throws IOException {
            if (!hasGrown()) {
                return Optional.empty();
            }
            var changes = new ArrayList<RefChange>();
            changes.add(situation.view().move(situation.view().names().auto(), line.auto()));
            if (!holds.isEmpty()) {
                // The hold of a rollback comes with it, or neither does.
                changes.add(situation.decisions().mark(situation.markings().hold(holds.get(0))));
            }
            return Optional.of(new Push("", changes, false));
        }

        void append(Requests.Append request) throws IOException {
            NewChange change = request.change();
            Optional<Appended> known = known(change.id());
            if (known.isPresent()) {
                request.answer().complete(known.get());
                return;
            }
            Refused refused = refusal(change);
            if (refused != null) {
                request.answer().completeExceptionally(refused);
            } else if (!waitsOutside(request)) {
                lay(
                        change,
                        appending -> request.answer().complete(answer(change.id(), appending)),
                        request.answer()::completeExceptionally);
            }
        }

        @CheckForNull
        private Refused refusal(NewChange change) throws IOException {
            try {
                settings.checkPlaceForCommits(change.wave());
            } catch (IllegalArgumentException e) {
                return new Refused(e.getMessage());
            }
            Entry.Refusal refusal = situation.entry().refusal(change.operation(), change.wave(), change.images());
            return refusal == null
                    ? null
                    : new Refused("Nothing was committed to " + change.wave() + ": " + refusal.sentence());
        }

        /**
         * Whether a change has to wait outside its wave, in which case it is answered so; one that changes nothing has
         * not.
         */
        private boolean waitsOutside(Requests.Append request) throws IOException {
            NewChange change = request.change();
            Condition intake = situation
                    .candidates()
                    .intake(change.wave())
                    .filter(condition -> !condition.met())
                    .orElse(null);
            if (intake == null) {
                outside.opened(change.wave());
                return false;
            }
            try {
                if (!(situation.repository().autoBranch().append(line, change) instanceof Appending.Commit)) {
                    return false;
                }
            } catch (InvalidImagesException e) {
                // Said when it is laid.
                return false;
            }
            if (outside.isOvertaken(change)) {
                request.answer().complete(answer(change.id(), new Appending.Superseded("")));
            } else {
                Instant until = Objects.requireNonNullElse(intake.nextLook(), situation.now());
                request.answer().completeExceptionally(new WaveFrozen(intake.seen(), until));
            }
            return true;
        }

        void promote(Requests.Promote request) throws IOException {
            Promotion wish = request.wish();
            if (!holds.isEmpty()) {
                // One push writes the hold of one rollback; whatever else is wished is decided on when it is there.
                return;
            }
            Optional<Appended> known = known(wish.id());
            List<Condition> heldWhenLaid = promotedUnder.remove(wish.id());
            if (known.isPresent()) {
                request.answer()
                        .complete(new Promoted(known.get(), Objects.requireNonNullElse(heldWhenLaid, List.of())));
                return;
            }
            Promotions.Decision decision = situation.promotions(line).decide(wish);
            NewChange change = decision.change();
            if (change == null) {
                Appended superseded = decision.superseded() ? answer(wish.id(), new Appending.Superseded("")) : null;
                request.answer().complete(new Promoted(superseded, decision.conditions()));
                return;
            }
            Optional<QueuedCommit> laid = lay(
                    change,
                    appending -> request.answer()
                            .complete(new Promoted(
                                    answer(wish.id(), appending), decision.with(Promotions.differs(wish, appending)))),
                    request.answer()::completeExceptionally);
            if (laid.isPresent()) {
                if (wish.kind().isRollback()) {
                    String reason = "rolled back to " + wish.revision();
                    holds.add(
                            new Marking.HoldWave(wish.to().name(), new Hold(wish.by(), reason, situation.now(), null)));
                }
                Condition differs = Promotions.differs(wish, new Appending.Commit(laid.get()));
                promotedUnder.put(wish.id(), decision.with(differs));
            }
        }

        /**
         * Lays a change on the line; it is answered when a look finds it.
         *
         * @param answer hears what became of it if nothing is to be pushed for it or for another
         * @return its commit, if it needed one
         */
        private Optional<QueuedCommit> lay(
                NewChange change, Consumer<Appending> answer, Consumer<GitOpsException> refuse) throws IOException {
            Appending appending;
            try {
                appending = situation.repository().autoBranch().append(line, change);
            } catch (InvalidImagesException e) {
                refuse.accept(new Refused("The image files of the wave " + change.wave() + " in " + settings.url()
                        + " cannot be read: " + e.getMessage()));
                return Optional.empty();
            }
            if (appending instanceof Appending.Conflict conflict) {
                refuse.accept(new ConfigConflict(conflict.reason()));
            } else if (appending instanceof Appending.Commit commit) {
                var commits = new ArrayList<>(line.commits());
                commits.add(commit.commit());
                line = new Line(line.main(), commit.commit().sha(), commits, true);
                return Optional.of(commit.commit());
            } else if (!hasGrown()) {
                answer.accept(appending);
            }
            return Optional.empty();
        }

        /** What became of a change that was appended before, by this process or the one before it. */
        private Optional<Appended> known(String id) throws IOException {
            Clone clone = situation.repository();
            Line before = situation.line();
            Optional<String> sha = before.find(id).map(commit -> commit.sha().name());
            if (sha.isEmpty()) {
                sha = clone.autoBranch().mainLog(before.main()).find(id).map(ObjectId::name);
            }
            if (sha.isPresent()) {
                return Optional.of(new Appended(id, sha.get(), true, false, null));
            }
            return clone.stateRef()
                    .find(situation.view().state(), id)
                    .map(decided ->
                            new Appended(id, decided.sha(), true, decided.outcome() == Outcome.SUPERSEDED, null));
        }

        private Appended answer(String id, Appending appending) {
            return Appended.of(id, appending, line.main());
        }
    }
}
