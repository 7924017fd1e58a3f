package hudson.model;

import java.util.Collection;
import java.util.List;
import sandbox.RealController;

public class ParametersAction implements Action {
    public ParametersAction(List<ParameterValue> parameters, Collection<String> additionalSafeParameters) {
        throw RealController.needed();
    }

    @Override
    public String getIconFileName() {
        throw RealController.needed();
    }

    @Override
    public String getDisplayName() {
        throw RealController.needed();
    }

    @Override
    public String getUrlName() {
        throw RealController.needed();
    }
}
