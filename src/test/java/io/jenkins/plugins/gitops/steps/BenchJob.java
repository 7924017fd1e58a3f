package io.jenkins.plugins.gitops.steps;

import hudson.model.Job;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import jenkins.model.Jenkins;

/** A job that has builds and nothing to build. */
public final class BenchJob extends Job<BenchJob, BenchRun> {

    private final transient SortedMap<Integer, BenchRun> runs = new TreeMap<>(Collections.reverseOrder());

    BenchJob(String name) {
        super(Jenkins.get(), name);
    }

    void add(BenchRun run) {
        runs.put(run.getNumber(), run);
    }

    @Override
    public boolean isBuildable() {
        return true;
    }

    @Override
    protected SortedMap<Integer, ? extends BenchRun> _getRuns() {
        return runs;
    }

    @Override
    protected void removeRun(BenchRun run) {
        runs.remove(run.getNumber());
    }
}
