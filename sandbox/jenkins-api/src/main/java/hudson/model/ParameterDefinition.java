package hudson.model;

import hudson.ExtensionPoint;
import java.io.Serializable;
import sandbox.RealController;

public abstract class ParameterDefinition implements ExtensionPoint, Serializable {
    public String getName() {
        throw RealController.needed();
    }

    public ParameterValue getDefaultParameterValue() {
        throw RealController.needed();
    }
}
