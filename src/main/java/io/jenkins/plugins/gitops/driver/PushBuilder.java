package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.explain.CloneServices;
import io.jenkins.plugins.gitops.git.RefChange;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.promotion.StateEditor;
import io.jenkins.plugins.gitops.promotion.WaveStateReader;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.queue.QueueVerdicts;
import io.jenkins.plugins.gitops.queue.ReplayResult;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.QualifiedSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;

/**
 * Puts decisions into pushes. Each carries what it moves and a new commit on the state ref, so that two drivers can
 * never both decide on one view.
 */
final class PushBuilder {

    private final RefSnapshot view;
    private final RefSnapshot judged;
    private final CommitQueue line;
    private final CloneServices clone;
    private final String identity;
    private final PersonIdent who;

    /**
     * Decides on a view.
     *
     * @param judged the view with verdicts that are to be kept in the same push
     * @param identity the controller that decides
     * @param who commits, and when
     */
    PushBuilder(RefSnapshot view, RefSnapshot judged, CommitQueue line, CloneServices clone, String identity, PersonIdent who) {
        this.view = view;
        this.judged = judged;
        this.line = line;
        this.clone = clone;
        this.identity = identity;
        this.who = who;
    }

    /** Main goes to a commit of the line; all changes up to it are merged. */
    RefUpdateBatch merge(int index, QueueVerdicts verdicts) throws IOException {
        QueuedCommit target = line.commits().get(index);
        var decided = new ArrayList<DecidedChange>();
        for (int i = 0; i <= index; i++) {
            QueuedCommit commit = line.commits().get(i);
            decided.add(new DecidedChange(
                    commit.id(),
                    Outcome.MERGED,
                    null,
                    i == index
                            ? "all required checks succeeded"
                            : "all required checks succeeded on " + CommitSha.abbreviate(target.sha()) + " above it",
                    commit.sha().name(),
                    commit.sha().name(),
                    commit.subject(),
                    commit.trailers(),
                    identity,
                    who.getWhenAsInstant(),
                    verdicts.commits().get(i).required()));
        }
        List<CheckStatus> green = verdicts.commits().get(index).required();
        var changes = new ArrayList<RefChange>();
        changes.add(view.move(view.names().main(), target.sha()));
        changes.addAll(stateChanges(decided, "main moved to " + target.sha().name()));
        changes.add(view.move(RefNames.NOTES, clone.evidence().add(view.notes(), target.sha(), green, identity, who)));
        var alive = line.commits().subList(index, line.commits().size()).stream()
                .map(commit -> commit.sha().name())
                .collect(Collectors.toSet());
        changes.addAll(checks(alive));
        return new RefUpdateBatch("", changes, true, decided);
    }

    /** A change leaves the line, and those above it are replayed on the one below. */
    RefUpdateBatch evict(QueuedCommit evicted, String cause, String reason, List<CheckStatus> checks) throws IOException {
        int index = line.commits().indexOf(evicted);
        ReplayResult rebuilt = clone.autoBranch()
                .replayer()
                .replay(
                        line.main(),
                        line.commits().subList(0, index),
                        line.commits().subList(index + 1, line.commits().size()));
        var decision = new DecidedChange(
                evicted.id(),
                Outcome.EVICTED,
                cause,
                reason,
                evicted.sha().name(),
                null,
                evicted.subject(),
                evicted.trailers(),
                identity,
                who.getWhenAsInstant(),
                checks);
        return rewrite(rebuilt, List.of(decision), "the change below it, " + evicted.id() + ", was evicted");
    }

    /** The push of a replayed line, with the decisions that go with it. */
    RefUpdateBatch rewrite(ReplayResult rebuilt, List<DecidedChange> decided, String why) throws IOException {
        var all = new ArrayList<>(decided);
        for (ReplayResult.Dropped dropped : rebuilt.dropped()) {
            all.add(decision(dropped));
        }
        var changes = new ArrayList<RefChange>();
        changes.add(view.move(view.names().auto(), rebuilt.tip()));
        changes.addAll(stateChanges(all, why));
        for (DecidedChange change : all) {
            if (change.outcome() == Outcome.EVICTED) {
                changes.add(new RefChange(evictedRef(change), ObjectId.zeroId(), ObjectId.fromString(change.sha())));
            }
        }
        var alive = rebuilt.kept().stream().map(commit -> commit.sha().name()).collect(Collectors.toSet());
        alive.add(line.main().name());
        changes.addAll(checks(alive));
        return new RefUpdateBatch(why, changes, false, all);
    }

    private String evictedRef(DecidedChange change) {
        // A hand-made commit has no id of its own and may be pushed and evicted again.
        return change.trailers().isPresent()
                ? view.names().evicted(change.id())
                : view.names().evicted(change.id() + "-" + change.at().getEpochSecond());
    }

    private List<RefChange> stateChanges(List<DecidedChange> decided, String why) throws IOException {
        if (decided.isEmpty()) {
            return List.of();
        }
        var message = new StringBuilder();
        decided.forEach(change -> message.append(change.outcome())
                .append(' ')
                .append(change.id())
                .append(": ")
                .append(change.reason())
                .append('\n'));
        String first = decided.size() == 1
                ? decided.get(0).outcome() + " " + decided.get(0).subject()
                : decided.size() + " changes decided";
        ObjectId state = clone.stateRef()
                .record(view.state(), decided, first + "\n\n" + message + "\nWhy: " + why + "\nBy: " + identity, who);
        return List.of(view.move(view.names().state(), state));
    }

    /** Deletes the reported verdicts of commits that nobody waits for any more, and keeps new ones of the others. */
    private List<RefChange> checks(Set<String> alive) {
        return judged.checks().entrySet().stream()
                .map(check -> view.move(
                        view.names().checks(check.getKey()),
                        alive.contains(check.getKey()) ? check.getValue() : ObjectId.zeroId()))
                .filter(change -> !change.from().equals(change.to()))
                .toList();
    }

    private DecidedChange decision(ReplayResult.Dropped dropped) {
        QueuedCommit commit = dropped.commit();
        return new DecidedChange(
                commit.id(),
                dropped.outcome(),
                dropped instanceof ReplayResult.Conflicting ? DecidedChange.CONFLICT : null,
                dropped.reason(),
                commit.sha().name(),
                dropped instanceof ReplayResult.Satisfied satisfied ? satisfied.by().name() : null,
                commit.subject(),
                commit.trailers(),
                identity,
                who.getWhenAsInstant(),
                List.of());
    }

    /** What waves run now is written down. */
    RefUpdateBatch deployed(Map<WavePath, DeployedSet> deployed) throws IOException {
        var message = new StringBuilder();
        deployed.forEach((path, set) -> message.append(path)
                .append(" runs the set ")
                .append(set.identity())
                .append(" of ")
                .append(set.sha())
                .append('\n'));
        String paths = deployed.keySet().stream().map(WavePath::toString).collect(Collectors.joining(", "));
        String first = paths + (deployed.size() == 1 ? " runs" : " run") + " another set";
        ObjectId state = clone.stateRef()
                .record(
                        view.state(),
                        deployed,
                        first + "\n\n" + message + "\nWhy: all targets are synced and healthy\nBy: " + identity,
                        who);
        return new RefUpdateBatch("", List.of(view.move(view.names().state(), state)), false, List.of(), deployed);
    }

    /** A set has soaked for long enough to go to a wave. */
    RefUpdateBatch qualified(WaveStateReader states, WavePath to, QualifiedSet set) throws IOException {
        var edit = new StateEditor.Edit(
                StateRef.pathOf(to),
                WaveState.withQualified(states.file(to), set),
                "A set may go to " + to + "\n\nWhy: the set " + set.identity() + " of " + set.sha()
                        + " has soaked for long enough");
        return new RefUpdateBatch("", List.of(mark(edit)), false);
    }

    /** What a wave runs has fallen ill. */
    RefUpdateBatch unwell(WaveStateReader states, WavePath path) throws IOException {
        var edit = new StateEditor.Edit(
                StateRef.pathOf(path),
                WaveState.withUnwell(states.file(path), who.getWhenAsInstant()),
                path + " is unwell\n\nWhy: a target is degraded or broken, so its soak begins anew when it is well");
        return new RefUpdateBatch("", List.of(mark(edit)), false);
    }

    /** What people, or the passing of time, have written into the state. */
    RefChange mark(StateEditor.Edit edit) throws IOException {
        ObjectId state = clone.stateRef()
                .write(
                        view.state(),
                        Map.of(edit.path(), edit.content()),
                        edit.why() + "\nWritten by: " + identity,
                        who);
        return view.move(view.names().state(), state);
    }

    /** Nothing moves, but it is written down how changes ended. */
    RefUpdateBatch settle(List<DecidedChange> decided, String why) throws IOException {
        return new RefUpdateBatch("", stateChanges(decided, why), false, decided);
    }
}
