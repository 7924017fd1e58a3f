package io.jenkins.plugins.gitops.generation;

import java.util.ArrayList;
import java.util.List;

/** What a round of the driver has found to be generated before it can go on. */
public final class GenerationDemand {

    private final List<WantedTree> trees = new ArrayList<>();
    private boolean holdsAuto;

    /** Adds the trees that a rewrite of the auto branch needs: until they are there, the branch stays as it is. */
    public void forRewrite(List<WantedTree> wanted) {
        trees.addAll(wanted);
        holdsAuto = true;
    }

    /** Adds the trees that an append needs. */
    public void forAppend(List<WantedTree> wanted) {
        trees.addAll(wanted);
    }

    /** Whether the auto branch has to stay as it is. */
    public boolean holdsAuto() {
        return holdsAuto;
    }

    /** All of them, in the order in which they are needed. */
    public List<WantedTree> trees() {
        return List.copyOf(trees);
    }
}
