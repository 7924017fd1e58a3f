package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.waves.ApprovalRule;
import io.jenkins.plugins.gitops.waves.SetApproval;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WaveFile;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;

/** Computes the changes of the state by approvals. An approval is of one set: a newer one needs a new approval. */
final class ApprovalEditor {

    private final RepositorySettings settings;
    private final AutoBranch branch;
    private final WaveStateReader states;
    private final RevisionFinder revisions;
    private final PendingSets pending;

    ApprovalEditor(
            RepositorySettings settings,
            AutoBranch branch,
            WaveStateReader states,
            RevisionFinder revisions,
            PendingSets pending) {
        this.settings = settings;
        this.branch = branch;
        this.states = states;
        this.revisions = revisions;
        this.pending = pending;
    }

    /** The change for an approval; empty if the person approved the set already. */
    Optional<StateEditor.Edit> approve(StateCommand.ApproveSet command) throws IOException, RequestRefused {
        WavePath path = command.path();
        ApprovalRule rule = ruleOf(path);
        ObjectId revision = revisions.onMain(command.revision());
        String identity = identity(path, revision, command.identity());
        var approval = new SetApproval(
                identity, SingleLine.of(command.by()), command.right(), SingleLine.of(command.comment()), command.at());
        if (!rule.accepts(approval)) {
            throw new RequestRefused(
                    command.by() + " may not approve for " + path + "; these may: " + rule.approvers() + ".");
        }
        boolean known = states.of(path).approvals(identity, rule).stream()
                .anyMatch(given -> given.by().equals(approval.by()));
        return known
                ? Optional.empty()
                : Optional.of(new StateEditor.Edit(
                        StateRef.pathOf(path),
                        new WaveFile(states.file(path))
                                .approval(approval, pending.to(path))
                                .json(),
                        "A set is approved for " + path + "\n\nThe set " + identity + " of " + revision.name()
                                + (approval.comment().isEmpty() ? "" : "\nWhy: " + approval.comment()) + "\nBy: "
                                + approval.by()));
    }

    /** The change that takes a person's approval back; empty if there is none. */
    Optional<StateEditor.Edit> withdraw(StateCommand.WithdrawApproval command) throws IOException, RequestRefused {
        WavePath path = command.path();
        ruleOf(path);
        ObjectId revision = revisions.onMain(command.revision());
        String identity = identity(path, revision, command.identity());
        String by = SingleLine.of(command.by());
        boolean given = states.of(path).approvals().stream()
                .anyMatch(approval ->
                        approval.identity().equals(identity) && approval.by().equals(by));
        return given
                ? Optional.of(new StateEditor.Edit(
                        StateRef.pathOf(path),
                        new WaveFile(states.file(path))
                                .withoutApproval(identity, by)
                                .json(),
                        "An approval for " + path + " is taken back\n\nThe set " + identity + " of " + revision.name()
                                + "\nBy: " + by))
                : Optional.empty();
    }

    private ApprovalRule ruleOf(WavePath path) throws IOException, RequestRefused {
        Wave wave = revisions.wave(path);
        if (!wave.gates().approvals().isAsked()) {
            throw new RequestRefused("Nobody has to approve what is promoted to " + path
                    + "; an administrator can set approvals of the wave.");
        }
        Optional<String> problem = states.of(path).problem();
        if (problem.isPresent()) {
            throw new RequestRefused("It cannot be recorded: " + problem.get());
        }
        return wave.gates().approvals();
    }

    /**
     * The identity of the set that previous waves have in a commit.
     *
     * @param named which one of several
     * @throws RequestRefused if they have none, another, or several of which none is named
     */
    private String identity(WavePath path, ObjectId revision, Optional<String> named)
            throws IOException, RequestRefused {
        var present = new TreeMap<String, String>();
        for (String from : settings.wave(path).promotesFrom()) {
            ImageSet set = branch.images().read(revision, path.in(from));
            if (!set.isEmpty()) {
                present.put(from, set.identity());
            }
        }
        String commit = "The commit " + CommitSha.abbreviate(revision);
        if (present.isEmpty()) {
            throw new RequestRefused(commit + " has no images in "
                    + settings.wave(path).previous() + ", from which " + path + " promotes.");
        }
        if (named.isPresent()) {
            if (!present.containsValue(named.get())) {
                throw new RequestRefused(commit + " has another set than the one that is meant; reload the page.");
            }
            return named.get();
        }
        if (Set.copyOf(present.values()).size() > 1) {
            throw new RequestRefused(commit + " has different sets in " + String.join(" and ", present.keySet())
                    + ", so it does not say which one is meant; name a commit in which they have the same set.");
        }
        return present.firstEntry().getValue();
    }
}
