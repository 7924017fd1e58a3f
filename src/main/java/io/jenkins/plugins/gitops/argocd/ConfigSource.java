package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationSource;
import io.jenkins.plugins.gitops.argocd.Application.Hydration;
import io.jenkins.plugins.gitops.argocd.Application.SyncOperation;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.git.GitUrlEquivalence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A source of an application that is the config repository. There can be several, such as a chart and its values.
 *
 * @param targetRevision what of the repository the application follows, as its spec says; empty for the default branch
 * @param followsMain whether that is the main branch
 * @param revision the commit of the config repository that Argo CD compared the application with; empty if it has not
 *     compared it yet, or with a rendered form of which the commit is not known
 * @param operated the commit of the config repository that the last operation deployed; empty if that is not known
 * @param isHydrated whether the application is synchronised from what Argo CD's source hydrator renders of the commits
 */
record ConfigSource(
        String targetRevision,
        boolean followsMain,
        Optional<String> revision,
        Optional<String> operated,
        boolean isHydrated) {

    private static final String HEAD = "HEAD";
    private static final String HEADS = "refs/heads/";

    /** The commit that a target revision names, possibly abbreviated; names of branches look otherwise. */
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");

    /** Returns the sources of an application that are the config repository, in their order. */
    static List<ConfigSource> of(Application application, String repoUrl, String mainBranch) {
        var found = new ArrayList<ConfigSource>();
        Optional<Hydration> hydration = application.hydration();
        Optional<SyncOperation> operation = application.operation();
        for (int i = 0; i < application.sources().size(); i++) {
            ApplicationSource source = application.sources().get(i);
            boolean main = GitUrlEquivalence.same(source.repoUrl(), repoUrl);
            if (main && (hydration.isEmpty() || isMain(source.targetRevision(), mainBranch))) {
                int at = i;
                found.add(new ConfigSource(
                        source.targetRevision(),
                        isMain(source.targetRevision(), mainBranch),
                        at(application.sync().revisions(), at),
                        operation.flatMap(known -> at(known.revisions(), at)),
                        false));
            }
        }
        if (found.isEmpty()) {
            hydration
                    .filter(hydrator ->
                            GitUrlEquivalence.same(hydrator.drySource().repoUrl(), repoUrl))
                    .ifPresent(hydrator -> found.add(new ConfigSource(
                            hydrator.drySource().targetRevision(),
                            isMain(hydrator.drySource().targetRevision(), mainBranch),
                            at(application.sync().revisions(), 0).flatMap(hydrator::dryRevisionOf),
                            operation.flatMap(known -> at(known.revisions(), 0)).flatMap(hydrator::dryRevisionOf),
                            true)));
        }
        return found;
    }

    /** Returns whether a target revision means main; the default branch is taken for it, as in a clone. */
    private static boolean isMain(String targetRevision, String mainBranch) {
        return targetRevision.isEmpty()
                || targetRevision.equals(HEAD)
                || targetRevision.equals(mainBranch)
                || targetRevision.equals(HEADS + mainBranch);
    }

    /** Returns why the application does not come to new commits of main, as the end of a sentence; empty if it does. */
    Optional<String> pinned(String mainBranch) {
        if (followsMain) {
            return Optional.empty();
        }
        String follows = COMMIT.matcher(targetRevision).matches()
                ? "its targetRevision pins it to the commit " + CommitSha.abbreviate(targetRevision)
                : "its targetRevision is \"" + targetRevision + "\"";
        return Optional.of(follows + "; let it follow " + mainBranch);
    }

    private static Optional<String> at(List<String> revisions, int index) {
        return index < revisions.size()
                ? Optional.of(revisions.get(index)).filter(revision -> !revision.isEmpty())
                : Optional.empty();
    }
}
