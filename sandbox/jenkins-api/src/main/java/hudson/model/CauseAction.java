package hudson.model;

import java.util.List;
import jenkins.model.RunAction2;
import sandbox.RealController;

public class CauseAction implements RunAction2 {
    public CauseAction(Cause... c) {
        throw RealController.needed();
    }

    public List<Cause> getCauses() {
        throw RealController.needed();
    }

    @Override
    public String getIconFileName() {
        return null;
    }

    @Override
    public String getDisplayName() {
        return "Cause";
    }

    @Override
    public String getUrlName() {
        return "cause";
    }

    @Override
    public void onAttached(Run<?, ?> r) {
        throw RealController.needed();
    }

    @Override
    public void onLoad(Run<?, ?> r) {
        throw RealController.needed();
    }
}
