package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.changes.RejectionStore;
import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.RejectedImages;
import io.jenkins.plugins.gitops.waves.VerificationResult;
import io.jenkins.plugins.gitops.waves.VerificationResult.State;
import io.jenkins.plugins.gitops.waves.VerificationRule;
import io.jenkins.plugins.gitops.waves.WaveFile;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Computes the changes of the state by verifications: the leases of their runs, their results, and what follows from a
 * failure. A rollback that follows is the driver's, see {@link RollbackFinder}.
 */
final class VerificationEditor {

    private static final String NO_SET =
            " was not yet seen to run one set in all of its targets; wait for that with awaitArgoSync.";

    private final RepositorySettings settings;
    private final AutoBranch branch;
    private final WaveStateReader states;
    private final RevisionFinder revisions;
    private final PendingSets pending;
    private final Instant now;

    VerificationEditor(
            RepositorySettings settings,
            AutoBranch branch,
            WaveStateReader states,
            RevisionFinder revisions,
            PendingSets pending,
            Instant now) {
        this.settings = settings;
        this.branch = branch;
        this.states = states;
        this.revisions = revisions;
        this.pending = pending;
        this.now = now;
    }

    /**
     * The change that takes the lease of a run; empty if it is taken for this run already.
     *
     * @throws RequestRefused if another controller has it, there is nothing to verify any more, or it is done
     */
    Optional<StateEditor.Edit> start(StateCommand.StartVerification command) throws IOException, RequestRefused {
        WavePath path = command.path();
        VerificationResult run = command.run();
        rule(path, run.name());
        WaveState state = readable(path);
        Optional<VerificationResult> known = state.verification(run.name(), run.identity());
        if (known.filter(it -> isSameRun(it, run) && it.at().equals(run.at())).isPresent()) {
            return Optional.empty();
        }
        boolean due = state.deployed()
                        .filter(set -> set.identity().equals(run.identity()))
                        .isPresent()
                && known.map(it -> it.state() == State.BLOCKED
                                || it.state() == State.AGAIN
                                || it.state() == State.RUNNING && !it.isLeased(now))
                        .orElse(true);
        if (!due) {
            throw new RequestRefused("The verification " + run.name() + " of " + path + " is not started: "
                    + known.map(VerificationResult::sentence).orElse("the wave runs another set by now."));
        }
        return Optional.of(edit(path, state, run, run.name() + " is started for " + path));
    }

    private static boolean isSameRun(VerificationResult one, VerificationResult other) {
        return one.state() == State.RUNNING && one.by().equals(other.by()) && one.attempt() == other.attempt();
    }

    /** The change that records how a run ended; empty if somebody else runs it, or it is recorded. */
    Optional<StateEditor.Edit> end(StateCommand.EndVerification command) throws IOException, RequestRefused {
        WavePath path = command.path();
        VerificationResult run = command.run();
        VerificationRule rule = rule(path, run.name());
        WaveState state = readable(path);
        Optional<VerificationResult> known = state.verification(run.name(), run.identity());
        // What could not be started has not been attempted.
        boolean own = known.filter(it -> isSameRun(it, run)
                        || run.state() == State.BLOCKED
                                && it.state() == State.RUNNING
                                && it.by().equals(run.by()))
                .isPresent();
        boolean mayBlock = run.state() == State.BLOCKED
                && known.map(it -> it.state() == State.AGAIN
                                || it.state() == State.RUNNING && !it.isLeased(now)
                                || it.state() == State.BLOCKED && !it.reason().equals(SingleLine.of(run.reason())))
                        .orElse(true);
        if (!own && !mayBlock) {
            return Optional.empty();
        }
        if (run.state() == State.RUNNING) {
            return known.equals(Optional.of(run.bounded()))
                    ? Optional.empty()
                    : Optional.of(edit(path, state, run, run.name() + " goes on for " + path));
        }
        // That a run was ended says nothing of the set; but what is ended again and again has an end, too.
        int retries = rule.retries() + (command.broken() ? 1 : 0);
        boolean again = run.state() == State.FAILED && run.attempt() <= retries;
        if (again) {
            String how = command.broken() ? " was ended" : " failed";
            VerificationResult retry = run.with(
                    State.AGAIN,
                    command.broken() ? "the controller" : "its retries",
                    "run " + run.attempt() + how + (run.reason().isEmpty() ? "" : ": " + run.reason()),
                    run.at());
            return Optional.of(edit(path, state, retry, run.name() + how + " for " + path + " and is tried again"));
        }
        return Optional.of(result(path, state, rule, run));
    }

    /** The change that records a reported result; empty if it is recorded. */
    Optional<StateEditor.Edit> report(StateCommand.ReportVerification command) throws IOException, RequestRefused {
        WavePath path = command.path();
        VerificationRule rule = rule(path, command.name());
        if (rule.job().isPresent()) {
            throw new RequestRefused("The verification " + rule.name() + " of " + path + " is done by the job "
                    + rule.job().get() + ", whose result is recorded by itself; verifyWave has it done again.");
        }
        WaveState state = readable(path);
        DeployedSet set =
                state.deployed().orElseThrow(() -> new RequestRefused("Nothing was verified: " + path + NO_SET));
        if (command.revision().isPresent()) {
            ObjectId revision = revisions.onMain(command.revision().get());
            if (!branch.images().read(revision, path).identity().equals(set.identity())) {
                throw new RequestRefused(path + " runs another set by now, that of " + CommitSha.abbreviate(set.sha())
                        + ", than that of " + CommitSha.abbreviate(revision) + "; nothing was recorded.");
            }
        }
        State seen = command.passed() ? State.PASSED : State.FAILED;
        VerificationResult result = VerificationResult.of(rule.name(), set, seen, 1, command.by(), command.at())
                .because(command.reason())
                .seenAt(command.url());
        return state.verification(rule.name(), set.identity()).equals(Optional.of(result.bounded()))
                ? Optional.empty()
                : Optional.of(result(path, state, rule, result));
    }

    /** The change that has verifications done again; empty if they are to be already. */
    Optional<StateEditor.Edit> repeat(StateCommand.RepeatVerification command) throws IOException, RequestRefused {
        WavePath path = command.path();
        WaveState state = readable(path);
        DeployedSet set =
                state.deployed().orElseThrow(() -> new RequestRefused("There is nothing to verify: " + path + NO_SET));
        List<VerificationRule> rules = command.name().isPresent()
                ? List.of(rule(path, command.name().get()))
                : revisions.wave(path).gates().verifications();
        var file = new WaveFile(states.file(path));
        boolean changed = false;
        var names = new TreeSet<String>();
        for (VerificationRule rule : rules) {
            Optional<VerificationResult> known = state.verification(rule.name(), set.identity());
            if (command.name().isPresent() && rule.job().isEmpty()) {
                throw new RequestRefused("The verification " + rule.name() + " of " + path
                        + " has no job: whoever reported it reports it again.");
            }
            if (rule.job().isPresent()
                    && known.filter(it -> it.state() == State.FAILED || it.state() == State.PASSED)
                            .isPresent()) {
                VerificationResult first =
                        VerificationResult.of(rule.name(), set, State.AGAIN, 0, command.by(), command.at());
                file.verification(first, pending(path, state, set.identity()));
                names.add(rule.name());
                changed = true;
            }
        }
        return changed
                ? Optional.of(new StateEditor.Edit(
                        StateRef.pathOf(path),
                        file.json(),
                        path + " is verified again by " + String.join(", ", names) + "\n\nBy: " + command.by()))
                : Optional.empty();
    }

    /** A result, with what follows from it. */
    private StateEditor.Edit result(WavePath path, WaveState state, VerificationRule rule, VerificationResult result)
            throws IOException {
        boolean runs = state.deployed()
                .filter(set -> set.identity().equals(result.identity()))
                .isPresent();
        if (result.state() != State.FAILED || !runs) {
            return edit(path, state, result, path + ": " + rule.name() + " is " + result.state());
        }
        var files = new HashMap<String, String>();
        String own = StateRef.pathOf(path);
        var file = new WaveFile(states.file(path))
                .verification(result, pending(path, state, result.identity()))
                .unwell(result.at());
        String why = "the verification " + rule.name() + " of the set of " + CommitSha.abbreviate(result.sha())
                + " failed" + (result.reason().isEmpty() ? "" : ": " + result.reason());
        String follows = "";
        if (rule.onFailure() == VerificationRule.OnFailure.HOLD
                && states.of(path).holdAt(now).isEmpty()) {
            hold(
                    files,
                    path,
                    file,
                    new Hold("the verification " + rule.name(), SingleLine.of(why), result.at(), Optional.empty()));
            follows = "\nThe wave is held.";
        } else if (rule.onFailure() == VerificationRule.OnFailure.REJECT) {
            List<String> digests = broughtBy(path, state, rule, result);
            var rejection = new RejectedImages.Rejection(
                    SingleLine.of(why),
                    "the verification " + rule.name(),
                    result.at().toString());
            files.putAll(RejectionStore.files(digests, rejection, result.at()));
            follows = "\nRejected: "
                    + (digests.isEmpty() ? "nothing, since it brought no image" : String.join(", ", digests));
        }
        files.put(own, file.json());
        return StateEditor.Edit.writing(files, path + " is unwell\n\nWhy: " + why + follows + "\nBy: " + result.by());
    }

    /** Adds a hold of the whole wave, whose file may be that of the set. */
    private void hold(Map<String, String> files, WavePath path, WaveFile file, Hold hold) throws IOException {
        if (path.set().isEmpty()) {
            file.hold(Optional.of(hold));
        } else {
            files.put(
                    StateRef.pathOf(path.wholeWave()),
                    new WaveFile(states.file(path.wholeWave()))
                            .hold(Optional.of(hold))
                            .json());
        }
    }

    /** The digests of a set that the newest verified set of the wave has not; without one, those new in its commit. */
    private List<String> broughtBy(WavePath path, WaveState state, VerificationRule rule, VerificationResult result)
            throws IOException {
        if (!branch.graph().has(result.sha())) {
            return List.of();
        }
        ObjectId commit = ObjectId.fromString(result.sha());
        Optional<VerificationResult> verified = state.newestVerified(
                result.identity(), settings.wave(path).gates().verifications());
        Optional<ObjectId> before =
                verified.isPresent() && branch.graph().has(verified.get().sha())
                        ? Optional.of(ObjectId.fromString(verified.get().sha()))
                        : branch.graph().parent(commit);
        Map<String, ImageRef> images =
                new TreeMap<>(branch.images().read(commit, path).images());
        ImageSet earlier = before.isPresent() ? branch.images().read(before.get(), path) : ImageSet.EMPTY;
        var digests = new TreeSet<String>();
        images.values().forEach(image -> digests.add(image.digest()));
        earlier.images().values().forEach(image -> digests.remove(image.digest()));
        var unknown = new TreeSet<String>();
        for (String digest : digests) {
            if (!states.isRejected(digest)) {
                unknown.add(digest);
            }
        }
        return List.copyOf(unknown);
    }

    private StateEditor.Edit edit(WavePath path, WaveState state, VerificationResult result, String what)
            throws IOException {
        var file = new WaveFile(states.file(path)).verification(result, pending(path, state, result.identity()));
        return new StateEditor.Edit(
                StateRef.pathOf(path),
                file.json(),
                what + "\n\nThe set " + result.identity() + " of " + result.sha()
                        + (result.reason().isEmpty() ? "" : "\nWhy: " + SingleLine.of(result.reason())) + "\nBy: "
                        + SingleLine.of(result.by()));
    }

    /** The sets whose results stay: those that may go on, that which runs, and that to which a failure would roll back. */
    private Set<String> pending(WavePath path, WaveState state, String identity) throws IOException {
        Set<String> sets = pending.from(path);
        state.deployed().map(DeployedSet::identity).ifPresent(sets::add);
        state.newestVerified(identity, settings.wave(path).gates().verifications())
                .map(VerificationResult::identity)
                .ifPresent(sets::add);
        return sets;
    }

    private VerificationRule rule(WavePath path, String name) throws RequestRefused {
        List<VerificationRule> rules = revisions.wave(path).gates().verifications();
        for (VerificationRule rule : rules) {
            if (rule.name().equals(name)) {
                return rule;
            }
        }
        throw new RequestRefused("The wave " + path.wave() + " has no verification \"" + SingleLine.excerpt(name)
                + "\"; "
                + (rules.isEmpty()
                        ? "add it to the wave's verifications."
                        : "it has " + String.join(", ", VerificationRule.names(rules)) + "."));
    }

    private WaveState readable(WavePath path) throws IOException, RequestRefused {
        revisions.wave(path);
        WaveState state = states.of(path);
        if (state.problem().isPresent()) {
            throw new RequestRefused("It cannot be recorded: " + state.problem().get());
        }
        return state;
    }
}
