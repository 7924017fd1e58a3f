package sandbox.runner;

import hudson.model.Job;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import jenkins.model.Jenkins;

/** A job: the folder of its builds. */
final class SandboxJob extends Job<SandboxJob, SandboxRun> {
    private final transient SortedMap<Integer, SandboxRun> runs =
            new ConcurrentSkipListMap<>(Comparator.reverseOrder());

    private volatile boolean concurrent = true;

    SandboxJob(String name) {
        super(Jenkins.get(), name);
        File[] present = getBuildDir().listFiles((folder, build) -> new File(folder, build + "/build.xml").exists());
        try {
            for (File build : present == null ? new File[0] : present) {
                runs.put(Integer.valueOf(build.getName()), new SandboxRun(this, build));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SandboxRun newBuild() throws IOException {
        SandboxRun run = new SandboxRun(this);
        runs.put(run.getNumber(), run);
        run.save();
        return run;
    }

    /** From now on, builds of the job begin one after the other. */
    void disableConcurrentBuilds() {
        concurrent = false;
    }

    boolean isConcurrent() {
        return concurrent;
    }

    @Override
    public boolean isBuildable() {
        return true;
    }

    @Override
    protected SortedMap<Integer, SandboxRun> _getRuns() {
        return runs;
    }

    @Override
    protected void removeRun(SandboxRun run) {
        runs.remove(run.getNumber());
    }
}
