package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.repo.DecidedChange;
import io.jenkins.plugins.gitops.repo.RefChange;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import java.util.List;
import java.util.Map;

/**
 * Ref changes to push as one.
 *
 * @param what why commits got new SHAs by it, or empty
 * @param movesMain whether main is among them, which a server may refuse by itself
 * @param decided the changes that end by it
 * @param deployed what is written down by it of what waves run; by place
 */
record Push(
        String what,
        List<RefChange> changes,
        boolean movesMain,
        List<DecidedChange> decided,
        Map<String, DeployedSet> deployed) {

    /** Nothing is pushed before another look has found the same, see {@link SecondLook}. */
    static final Push LOOK_AGAIN = new Push("", List.of(), false);

    /** Ref changes by which nothing ends. */
    Push(String what, List<RefChange> changes, boolean movesMain) {
        this(what, changes, movesMain, List.of());
    }

    Push(String what, List<RefChange> changes, boolean movesMain, List<DecidedChange> decided) {
        this(what, changes, movesMain, decided, Map.of());
    }
}
