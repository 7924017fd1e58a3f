package io.jenkins.plugins.gitops.git;

import org.eclipse.jgit.lib.EmptyProgressMonitor;

/** The progress of a fetch, in words, for users who wait for the clone of a large repository. Thread-safe. */
final class FetchProgress extends EmptyProgressMonitor {

    private String task = "";
    private int total;
    private int done;

    @Override
    public synchronized void beginTask(String title, int totalWork) {
        task = title;
        total = totalWork;
        done = 0;
    }

    @Override
    public synchronized void update(int completed) {
        done += completed;
    }

    /** The present task, such as {@code Receiving objects: 40 %}; empty before the first one. */
    @Override
    public synchronized String toString() {
        return task.isEmpty() ? "" : total > 0 ? task + ": " + 100L * done / total + " %" : task + ": " + done;
    }
}
