package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.concurrent.Semaphore;

/**
 * Runs tasks that can pause in their middle. Of a fiber and whoever resumes it only one runs at a time, so that what
 * they do has one order, however many threads there are.
 */
final class PausableTask implements AutoCloseable {

    /** The process that ran the task stopped, without doing anything more. */
    static final class Stopped extends Error {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("the process stopped", null, false, false);
        }
    }

    private final Semaphore resumed = new Semaphore(0);
    private final Semaphore paused = new Semaphore(0);
    private final Thread thread;

    @CheckForNull
    private Runnable task;

    @CheckForNull
    private Throwable failure;

    private boolean stop;
    private boolean closed;

    PausableTask(String name) {
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (true) {
            resumed.acquireUninterruptibly();
            if (closed) {
                return;
            }
            try {
                task.run();
            } catch (Stopped e) {
                // As it was asked to.
            } catch (Throwable e) {
                failure = e;
            }
            task = null;
            paused.release();
        }
    }

    /** Gives it a task, which {@link #resume} begins. */
    void begin(Runnable newTask) {
        task = newTask;
    }

    /** Whether it has a task that has not come to its end. */
    boolean busy() {
        return task != null;
    }

    /** Lets the task go on until it pauses or ends. */
    void resume() {
        resumed.release();
        paused.acquireUninterruptibly();
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw new AssertionError("A task failed", failure);
        }
    }

    /** Called by the task: waits to be resumed. */
    void pause() {
        paused.release();
        resumed.acquireUninterruptibly();
        if (stop) {
            throw new Stopped();
        }
    }

    /** Ends the task where it is. */
    void stop() {
        if (busy()) {
            stop = true;
            resume();
            stop = false;
        }
    }

    @Override
    public void close() {
        stop();
        closed = true;
        resumed.release();
    }
}
