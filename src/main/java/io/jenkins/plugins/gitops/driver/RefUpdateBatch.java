package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.git.RefChange;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Ref changes that are pushed in one atomic push.
 *
 * @param rewriteReason why queued commits get new SHAs by it; empty if none does
 * @param decided the changes that end by it
 * @param deployed the image sets that it records as deployed
 */
record RefUpdateBatch(
        List<RefChange> changes,
        Optional<String> rewriteReason,
        List<DecidedChange> decided,
        Map<WavePath, DeployedSet> deployed)
        implements RoundAction {

    /** Ref changes by which no change ends and no commit is rewritten. */
    static RefUpdateBatch of(List<RefChange> changes) {
        return new RefUpdateBatch(changes, Optional.empty(), List.of(), Map.of());
    }

    static RefUpdateBatch of(RefChange change) {
        return of(List.of(change));
    }

    RefUpdateBatch rewriting(String reason) {
        return new RefUpdateBatch(changes, Optional.of(reason), decided, deployed);
    }

    RefUpdateBatch deciding(List<DecidedChange> ended) {
        return new RefUpdateBatch(changes, rewriteReason, ended, deployed);
    }

    RefUpdateBatch recording(Map<WavePath, DeployedSet> sets) {
        return new RefUpdateBatch(changes, rewriteReason, decided, sets);
    }
}
