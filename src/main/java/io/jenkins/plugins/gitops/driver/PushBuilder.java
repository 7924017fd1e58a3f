package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.changes.StateLog;
import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.ci.CheckReportLog;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.explain.CloneServices;
import io.jenkins.plugins.gitops.generation.GenerationBatch;
import io.jenkins.plugins.gitops.git.RefChange;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.promotion.StateEditor;
import io.jenkins.plugins.gitops.promotion.WaveStateReader;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.queue.QueueVerdicts;
import io.jenkins.plugins.gitops.queue.ReplayResult;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.WaveFile;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;

/**
 * Builds the pushes of a round from its decisions. A push that decides changes also appends a commit to the state ref,
 * so that of two drivers that decide on the same snapshot only one succeeds.
 */
final class PushBuilder {

    private final RefSnapshot refs;
    private final RefSnapshot withReports;
    private final CommitQueue queue;
    private final CloneServices services;
    private final String identity;
    private final PersonIdent committer;
    private final GenerationBatch generation;

    /**
     * Builds the pushes for one snapshot.
     *
     * @param withReports the refs as they are when the reports are stored that the same push carries
     * @param identity the URL of the controller that decides, for the audit
     * @param committer commits to the state ref, at the time of the decision
     * @param generation is told what has to be generated before something can be pushed
     */
    PushBuilder(
            RefSnapshot refs,
            RefSnapshot withReports,
            CommitQueue queue,
            CloneServices services,
            String identity,
            PersonIdent committer,
            GenerationBatch generation) {
        this.refs = refs;
        this.withReports = withReports;
        this.queue = queue;
        this.services = services;
        this.identity = identity;
        this.committer = committer;
        this.generation = generation;
    }

    /** Moves main to a commit of the queue, which merges all changes up to it. */
    RefUpdateBatch merge(int index, QueueVerdicts verdicts) throws IOException {
        QueuedCommit target = queue.commits().get(index);
        List<CheckStatus> green = verdicts.commits().get(index).required();
        String above = "on " + CommitSha.abbreviate(target.sha()) + " above it";
        String proof = green.isEmpty()
                ? "no check is required (mergeWithoutChecks), so nothing is known of its quality"
                : "all required checks succeeded";
        var decided = new ArrayList<DecidedChange>();
        for (int i = 0; i <= index; i++) {
            QueuedCommit commit = queue.commits().get(i);
            String reason = i == index ? proof : proof + " " + above;
            List<CheckStatus> checks = verdicts.commits().get(i).isGreen()
                    ? verdicts.commits().get(i).required()
                    : green.stream().map(check -> check.explained(above)).toList();
            decided.add(ended(
                    commit,
                    DecidedChange.End.of(
                                    Outcome.MERGED,
                                    reason,
                                    Optional.of(commit.sha().name()))
                            .withChecks(checks)));
        }
        var changes = new ArrayList<RefChange>();
        changes.add(refs.move(refs.names().main(), target.sha()));
        changes.addAll(stateChanges(
                decided,
                Optional.of(target.sha()),
                "main moved to " + target.sha().name()));
        ObjectId reported = withReports.get(refs.names().checks(target.sha().name()));
        CheckReportLog reports = reported.equals(ObjectId.zeroId())
                ? CheckReportLog.none()
                : services.checkRefs().read(reported);
        changes.add(refs.move(
                RefNames.NOTES,
                services.mergeNotes().add(refs.notes(), target.sha(), green, reports, identity, committer)));
        var alive = queue.commits().subList(index, queue.commits().size()).stream()
                .map(commit -> commit.sha().name())
                .collect(Collectors.toSet());
        changes.addAll(checks(alive));
        return RefUpdateBatch.of(changes).deciding(decided);
    }

    /**
     * Removes a change from the queue and replays those above it on the one below; empty if something has to be
     * generated for that first.
     */
    Optional<RefUpdateBatch> evict(QueuedCommit evicted, String cause, String reason, List<CheckStatus> checks)
            throws IOException {
        int index = queue.commits().indexOf(evicted);
        ReplayResult rebuilt = services.autoBranch()
                .replayer()
                .replay(
                        queue.main(),
                        queue.commits().subList(0, index),
                        queue.commits().subList(index + 1, queue.commits().size()));
        if (!rebuilt.isComplete()) {
            generation.forRewrite(rebuilt.wanted());
            return Optional.empty();
        }
        DecidedChange decision = ended(evicted, DecidedChange.End.evicted(cause, reason, checks));
        boolean top = index + 1 == queue.commits().size();
        return Optional.of(rewrite(
                rebuilt,
                List.of(decision),
                "the change below it, " + evicted.id() + ", was evicted",
                top ? reason : evicted.id() + " was evicted, and what was above it is replayed without it"));
    }

    /** Moves the auto branch to a replayed queue, and records the changes that end by that. */
    RefUpdateBatch rewrite(ReplayResult rebuilt, List<DecidedChange> decided, String why) throws IOException {
        return rewrite(rebuilt, decided, why, why);
    }

    /**
     * The same.
     *
     * @param why what each commit that is replayed has been rewritten for
     * @param recorded what the log of the state says for all of it
     */
    private RefUpdateBatch rewrite(ReplayResult rebuilt, List<DecidedChange> decided, String why, String recorded)
            throws IOException {
        var all = new ArrayList<>(decided);
        for (ReplayResult.Dropped dropped : rebuilt.dropped()) {
            all.add(decision(dropped));
        }
        var changes = new ArrayList<RefChange>();
        changes.add(refs.move(refs.names().auto(), rebuilt.tip()));
        changes.addAll(stateChanges(all, recorded));
        for (DecidedChange change : all) {
            if (change.outcome() == Outcome.EVICTED) {
                changes.add(new RefChange(evictedRef(change), ObjectId.zeroId(), ObjectId.fromString(change.sha())));
            }
        }
        var alive = rebuilt.kept().stream().map(commit -> commit.sha().name()).collect(Collectors.toSet());
        alive.add(queue.main().name());
        changes.addAll(checks(alive));
        return RefUpdateBatch.of(changes).rewriting(why).deciding(all);
    }

    private String evictedRef(DecidedChange change) {
        // A hand-made commit has no id of its own and may be pushed and evicted again.
        return change.trailers().isPresent()
                ? refs.names().evicted(change.id())
                : refs.names().evicted(change.id() + "-" + change.at().getEpochSecond());
    }

    private List<RefChange> stateChanges(List<DecidedChange> decided, String why) throws IOException {
        return stateChanges(decided, Optional.empty(), why);
    }

    private List<RefChange> stateChanges(List<DecidedChange> decided, Optional<ObjectId> main, String why)
            throws IOException {
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
        ObjectId state = services.stateRef()
                .record(
                        refs.state(),
                        decided,
                        main,
                        first + "\n\n" + message + "\nWhy: " + why + "\nBy: " + identity,
                        committer);
        return List.of(refs.move(refs.names().state(), state));
    }

    /** Deletes the stored reports of commits that are no longer queued, and stores new ones of the others. */
    private List<RefChange> checks(Set<String> alive) {
        return withReports.checks().entrySet().stream()
                .map(check -> refs.move(
                        refs.names().checks(check.getKey()),
                        alive.contains(check.getKey()) ? check.getValue() : ObjectId.zeroId()))
                .filter(change -> !change.from().equals(change.to()))
                .toList();
    }

    private static Optional<String> cause(ReplayResult.Dropped dropped) {
        if (dropped instanceof ReplayResult.Conflicting) {
            return Optional.of(DecidedChange.CONFLICT);
        }
        if (dropped instanceof ReplayResult.Untrusted) {
            return Optional.of(DecidedChange.UNTRUSTED);
        }
        return dropped instanceof ReplayResult.Ungenerable
                ? Optional.of(DecidedChange.GENERATION_FAILED)
                : Optional.empty();
    }

    private DecidedChange decision(ReplayResult.Dropped dropped) {
        Optional<String> onMain = dropped instanceof ReplayResult.Satisfied satisfied
                ? Optional.of(satisfied.by().name())
                : Optional.empty();
        return ended(
                dropped.commit(),
                new DecidedChange.End(dropped.outcome(), cause(dropped), dropped.reason(), onMain, List.of()));
    }

    private DecidedChange ended(QueuedCommit commit, DecidedChange.End end) {
        return DecidedChange.of(commit, end, identity, committer.getWhenAsInstant());
    }

    /** Records the image sets that waves run. */
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
        ObjectId state = services.stateRef()
                .record(
                        refs.state(),
                        deployed,
                        first + "\n\n" + message + "\nWhy: the required targets are synced and healthy\nBy: "
                                + identity,
                        committer);
        return RefUpdateBatch.of(refs.move(refs.names().state(), state)).recording(deployed);
    }

    /** Records that a target of a wave is degraded or broken. */
    RefUpdateBatch unwell(WaveStateReader states, WavePath path) throws IOException {
        var edit = new StateEditor.Edit(
                StateRef.pathOf(path),
                new WaveFile(states.file(path))
                        .unwell(committer.getWhenAsInstant())
                        .json(),
                path + " is unwell\n\nWhy: a target is degraded or broken, so its soak begins anew when it is well");
        return RefUpdateBatch.of(write(edit));
    }

    /** Writes a file of the state ref. */
    RefChange write(StateEditor.Edit edit) throws IOException {
        ObjectId state = services.stateRef()
                .write(refs.state(), edit.files(), edit.why() + "\n" + StateLog.WRITTEN_BY + identity, committer);
        return refs.move(refs.names().state(), state);
    }

    /** Records that an administrator has accepted main as it is. */
    RefUpdateBatch acceptMain() throws IOException {
        ObjectId main = queue.main();
        ObjectId state = services.stateRef()
                .record(
                        refs.state(),
                        List.of(),
                        Optional.of(main),
                        "The rewritten main was accepted at " + main.name() + "\n\nBy: " + identity,
                        committer);
        return RefUpdateBatch.of(refs.move(refs.names().state(), state));
    }

    /** Records how changes ended, without moving a branch. */
    RefUpdateBatch record(List<DecidedChange> decided, String why) throws IOException {
        return RefUpdateBatch.of(stateChanges(decided, why)).deciding(decided);
    }
}
