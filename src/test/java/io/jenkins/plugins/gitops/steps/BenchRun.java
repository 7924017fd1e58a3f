package io.jenkins.plugins.gitops.steps;

import hudson.model.Result;
import hudson.model.Run;
import java.io.File;
import java.io.IOException;

/** A build that steps run in. */
public final class BenchRun extends Run<BenchJob, BenchRun> {

    private transient volatile boolean ended;

    BenchRun(BenchJob job) throws IOException {
        super(job);
    }

    /** Reads the build as a controller does that was started again. */
    BenchRun(BenchJob job, File folder) throws IOException {
        super(job, folder);
    }

    @Override
    public boolean isBuilding() {
        return !ended;
    }

    /** Ends the build. */
    void end(Result result) {
        setResult(result);
        ended = true;
    }
}
