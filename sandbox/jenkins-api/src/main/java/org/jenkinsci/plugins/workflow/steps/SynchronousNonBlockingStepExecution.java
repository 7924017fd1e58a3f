package org.jenkinsci.plugins.workflow.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Living. */
public abstract class SynchronousNonBlockingStepExecution<T> extends StepExecution {
    private static final long serialVersionUID = 1L;
    private static final ExecutorService POOL = Executors.newCachedThreadPool(new NamingThreadFactory(
            new DaemonThreadFactory(), SynchronousNonBlockingStepExecution.class.getName()));

    private transient volatile Future<?> task;
    private transient volatile Throwable stopCause;

    protected SynchronousNonBlockingStepExecution(@NonNull StepContext context) {
        super(context);
    }

    protected abstract T run() throws Exception;

    @Override
    public final boolean start() throws Exception {
        task = POOL.submit(this::runAndReport);
        return false;
    }

    private void runAndReport() {
        try {
            T result = run();
            if (stopCause == null) {
                getContext().onSuccess(result);
            }
        } catch (Throwable e) {
            if (stopCause == null) {
                getContext().onFailure(e);
            } else {
                stopCause.addSuppressed(e);
            }
        }
    }

    @Override
    public void stop(Throwable cause) throws Exception {
        stopCause = cause;
        if (task != null) {
            task.cancel(true);
        }
        super.stop(cause);
    }

    @Override
    public void onResume() {
        getContext().onFailure(new SynchronousResumeNotSupportedException(getContext()));
    }

    @Override
    @NonNull
    public String getStatus() {
        return "running in a thread";
    }

    @Override
    public boolean blocksRestart() {
        return task != null && !task.isDone();
    }
}
