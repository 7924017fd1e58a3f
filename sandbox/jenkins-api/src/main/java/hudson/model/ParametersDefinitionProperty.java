package hudson.model;

import java.util.List;
import sandbox.RealController;

public class ParametersDefinitionProperty extends JobProperty<Job<?, ?>> {
    public List<ParameterDefinition> getParameterDefinitions() {
        throw RealController.needed();
    }
}
