package org.jenkinsci.plugins.workflow.steps;

/** Living. */
public class SynchronousResumeNotSupportedException extends Exception {
    private static final long serialVersionUID = 1L;

    public SynchronousResumeNotSupportedException(StepContext context) {
        super("The step was running in a thread when the build was interrupted; it cannot be resumed.");
    }
}
