package hudson.model.listeners;

import hudson.ExtensionPoint;
import hudson.model.Run;
import hudson.model.TaskListener;

/** Living as far as a test may call it; nobody else does. */
public abstract class RunListener<R extends Run> implements ExtensionPoint {
    protected RunListener() {}

    public void onStarted(R r, TaskListener listener) {}

    public void onFinalized(R r) {}
}
