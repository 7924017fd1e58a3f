package io.jenkins.plugins.gitops.explain;

import io.jenkins.plugins.gitops.changes.CheckRefs;
import io.jenkins.plugins.gitops.changes.DecisionHistory;
import io.jenkins.plugins.gitops.changes.MergeNotes;
import io.jenkins.plugins.gitops.changes.StateLog;
import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.changes.StateRepair;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.generation.GeneratedTrees;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.ImageSetStore;
import io.jenkins.plugins.gitops.signing.CommitSigner;
import io.jenkins.plugins.gitops.signing.TrustedSigners;
import java.util.function.Supplier;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;

/** The objects that work on a clone of a repository; created again when the clone is replaced. */
public record CloneServices(
        Repository git,
        AutoBranch autoBranch,
        StateRef stateRef,
        DecisionHistory history,
        StateRepair stateRepair,
        MergeNotes mergeNotes,
        CheckRefs checkRefs,
        CommitImages brought,
        TrustedSigners trusted,
        StateLog stateLog) {

    /**
     * Creates the objects.
     *
     * @param committer the committer of new commits, asked for each
     * @param signer signs new commits
     */
    public static CloneServices of(
            Repository git, RepositorySettings settings, Supplier<PersonIdent> committer, CommitSigner signer) {
        var trusted = new TrustedSigners(settings.trustedSigners(), signer);
        var branch = new AutoBranch(
                git,
                new ImageSetStore(git, settings.layout(), settings.imageFolders()),
                committer,
                signer,
                trusted,
                settings.messageTemplate(),
                settings.onlyWhenDigestsChange(),
                new GeneratedTrees(git, settings.generatedPaths(), settings.generator()));
        var stateRef = new StateRef(git, signer, !settings.refNames().stateIsBranch());
        var history = new DecisionHistory(git);
        return new CloneServices(
                git,
                branch,
                stateRef,
                history,
                new StateRepair(git, signer, stateRef, history),
                new MergeNotes(git, signer),
                new CheckRefs(git, signer, trusted),
                new CommitImages(git, branch, settings.wavePaths()),
                trusted,
                new StateLog(git));
    }
}
