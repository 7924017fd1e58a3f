package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Cause;
import hudson.model.Result;
import hudson.model.Run;
import java.io.File;
import java.io.IOException;

/** A build that steps run in. */
public final class TestRun extends Run<TestJob, TestRun> {

    private transient volatile boolean ended;

    @CheckForNull
    private transient Cause cause;

    public TestRun(TestJob job) throws IOException {
        super(job);
    }

    /** Reads the build as a controller does that was started again. */
    TestRun(TestJob job, File folder) throws IOException {
        super(job, folder);
    }

    /** Sets the cause of the build. */
    TestRun causedBy(Cause started) {
        cause = started;
        return this;
    }

    @Override
    public <T extends Cause> T getCause(Class<T> type) {
        return type.isInstance(cause) ? type.cast(cause) : null;
    }

    @Override
    public boolean isBuilding() {
        return !ended;
    }

    /** Ends the build. */
    public void end(Result result) {
        setResult(result);
        ended = true;
    }
}
