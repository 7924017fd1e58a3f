package hudson.model;

import org.kohsuke.stapler.export.ExportedBean;
import sandbox.RealController;

@ExportedBean
public class CauseAction implements Action {
    public CauseAction(Cause c) {
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
