package hudson.model;

import hudson.ExtensionPoint;
import org.kohsuke.stapler.StaplerProxy;
import sandbox.RealController;

public abstract class AdministrativeMonitor implements ModelObject, ExtensionPoint, StaplerProxy {
    protected AdministrativeMonitor() {}

    @Override
    public String getDisplayName() {
        throw RealController.needed();
    }

    public abstract boolean isActivated();

    @Override
    public Object getTarget() {
        throw RealController.needed();
    }
}
