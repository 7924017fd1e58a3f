package io.jenkins.plugins.gitops.steps;

import hudson.model.Job;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import jenkins.model.Jenkins;

/** A job that has builds and nothing to build. */
public final class TestJob extends Job<TestJob, TestRun> {

    private final transient SortedMap<Integer, TestRun> runs = new TreeMap<>(Collections.reverseOrder());

    public TestJob(String name) {
        super(Jenkins.get(), name);
    }

    public void add(TestRun run) {
        runs.put(run.getNumber(), run);
    }

    @Override
    public boolean isBuildable() {
        return true;
    }

    @Override
    protected SortedMap<Integer, ? extends TestRun> _getRuns() {
        return runs;
    }

    @Override
    protected void removeRun(TestRun run) {
        runs.remove(run.getNumber());
    }
}
