package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.repo.AutoBranch;
import io.jenkins.plugins.gitops.repo.CheckRefs;
import io.jenkins.plugins.gitops.repo.Evidence;
import io.jenkins.plugins.gitops.repo.History;
import io.jenkins.plugins.gitops.repo.StateRef;
import java.util.function.Supplier;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;

/** What works on a clone of a repository, and is made anew with it. */
record Clone(
        Repository git,
        AutoBranch autoBranch,
        StateRef stateRef,
        History history,
        Evidence evidence,
        CheckRefs checkRefs,
        BroughtImages brought) {

    static Clone of(Repository git, RepositorySettings settings, Supplier<PersonIdent> committer) {
        var branch = new AutoBranch(
                git,
                settings.waveImages(),
                committer,
                settings.messageTemplate(),
                settings.onlyWhenDigestsChange(),
                settings.generatedPaths());
        return new Clone(
                git,
                branch,
                new StateRef(git, !settings.refNames().stateIsBranch()),
                new History(git),
                new Evidence(git),
                new CheckRefs(git),
                new BroughtImages(git, branch, settings.places()));
    }
}
