package jenkins.scm.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import sandbox.RealController;

public class SCMHead {
    public SCMHead(@NonNull String name) {
        throw RealController.needed();
    }
}
