package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import java.io.Serializable;
import sandbox.RealController;

public abstract class ParameterDefinition implements ExtensionPoint, Serializable {
    @NonNull
    public String getName() {
        throw RealController.needed();
    }

    @CheckForNull
    public ParameterValue getDefaultParameterValue() {
        throw RealController.needed();
    }
}
