package io.jenkins.plugins.gitops.generation;

import java.util.ArrayList;
import java.util.List;

/** The trees that a round of the driver has found to be generated before it can go on. */
public final class GenerationBatch {

    private final List<GenerationRequest> requests = new ArrayList<>();
    private boolean holdsAuto;

    /** Adds the trees that a rewrite of the auto branch needs: until they are there, the branch stays as it is. */
    public void forRewrite(List<GenerationRequest> wanted) {
        requests.addAll(wanted);
        holdsAuto = true;
    }

    /** Adds the trees that an append needs. */
    public void forAppend(List<GenerationRequest> wanted) {
        requests.addAll(wanted);
    }

    /** Whether the auto branch has to stay as it is. */
    public boolean holdsAuto() {
        return holdsAuto;
    }

    /** All of them, in the order in which they are needed. */
    public List<GenerationRequest> requests() {
        return List.copyOf(requests);
    }
}
