package io.jenkins.plugins.gitops.git;

import org.eclipse.jgit.lib.EmptyProgressMonitor;

/** How far a fetch is, in words, for who waits for a large repository to be cloned. */
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

    /** The work that is being done, such as {@code Receiving objects: 40 %}, or nothing yet. */
    @Override
    public synchronized String toString() {
        return task.isEmpty() ? "" : total > 0 ? task + ": " + 100L * done / total + " %" : task + ": " + done;
    }
}
