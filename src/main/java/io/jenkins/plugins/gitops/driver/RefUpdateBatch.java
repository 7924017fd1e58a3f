package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.git.RefChange;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.List;
import java.util.Map;

/**
 * Ref changes to push as one.
 *
 * @param what why commits got new SHAs by it, or empty
 * @param movesMain whether main is among them, which a server may refuse by itself
 * @param decided the changes that end by it
 * @param deployed the image sets that waves run by now, as it records them
 */
record RefUpdateBatch(
        String what,
        List<RefChange> changes,
        boolean movesMain,
        List<DecidedChange> decided,
        Map<WavePath, DeployedSet> deployed) {

    /** Nothing is pushed before another look has found the same, see {@link TornReadGuard}. */
    static final RefUpdateBatch LOOK_AGAIN = new RefUpdateBatch("", List.of(), false);

    /** Ref changes by which nothing ends. */
    RefUpdateBatch(String what, List<RefChange> changes, boolean movesMain) {
        this(what, changes, movesMain, List.of());
    }

    RefUpdateBatch(String what, List<RefChange> changes, boolean movesMain, List<DecidedChange> decided) {
        this(what, changes, movesMain, decided, Map.of());
    }
}
