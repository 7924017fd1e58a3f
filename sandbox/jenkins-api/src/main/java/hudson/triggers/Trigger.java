package hudson.triggers;

import hudson.ExtensionPoint;
import hudson.model.Describable;
import hudson.model.Item;
import sandbox.RealController;

public abstract class Trigger<J extends Item> implements Describable<Trigger<?>>, ExtensionPoint {
    protected transient J job;

    protected Trigger() {}

    protected Trigger(String cronTabSpec) {
        throw RealController.needed();
    }

    public void run() {
        throw RealController.needed();
    }

    @Override
    public TriggerDescriptor getDescriptor() {
        return (TriggerDescriptor) Describable.super.getDescriptor();
    }
}
