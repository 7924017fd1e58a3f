package hudson.model.listeners;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.Run;
import hudson.model.TaskListener;

/** Living as far as a test may call it; nobody else does. */
public abstract class RunListener<R extends Run> implements ExtensionPoint {
    protected RunListener() {}

    public void onStarted(R r, TaskListener listener) {}

    public void onCompleted(R r, @NonNull TaskListener listener) {}

    public void onFinalized(R r) {}
}
