package hudson.triggers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionPoint;
import hudson.model.Describable;
import hudson.model.Item;
import sandbox.RealController;

public abstract class Trigger<J extends Item> implements Describable<Trigger<?>>, ExtensionPoint {
    @CheckForNull
    protected transient J job;

    protected Trigger() {}

    public void start(J project, boolean newInstance) {
        throw RealController.needed();
    }

    public void stop() {
        throw RealController.needed();
    }

    @Override
    public TriggerDescriptor getDescriptor() {
        return (TriggerDescriptor) Describable.super.getDescriptor();
    }
}
