package io.jenkins.plugins.gitops.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.Repository;

/**
 * Runs git's garbage collection in a clone: packs loose objects, and deletes objects that have been unreachable for an
 * hour. It runs while the clone is used, and can be stopped at any time; the next run does what an interrupted one
 * left.
 */
final class CloneGc {

    private static final Logger LOGGER = Logger.getLogger(CloneGc.class.getName());

    /** The number of new packs at which git runs gc too, see gc.autoPackLimit in git-config(1). */
    private static final int MAX_PACKS = 50;

    /** The folder, of 256, whose files are counted to estimate the number of loose objects, as git does for gc.auto. */
    private static final String SAMPLE = "17";

    private static final int MAX_SAMPLED = 6700 / 256;

    private final Repository git;
    private final Executor executor;

    // Guarded by this.
    private boolean running;
    private boolean stopped;
    private int packsBefore;
    private int sampledBefore;

    @CheckForNull
    private Throwable failure;

    /**
     * Creates the garbage collection of a clone.
     *
     * @param executor runs gc, which takes seconds
     */
    CloneGc(Repository git, Executor executor) {
        this.git = git;
        this.executor = executor;
    }

    /** Runs gc on the executor if there are enough new packs or loose objects, unless it is running or stopped. */
    void look() throws IOException {
        synchronized (this) {
            if (running || stopped || !isUntidy()) {
                return;
            }
        }
        executor.execute(this::tidy);
    }

    private boolean isUntidy() throws IOException {
        if (git.getDirectory() == null) {
            return false;
        }
        // What gc has left is too young to be deleted, so that another run would not reduce it.
        return packs() - packsBefore > MAX_PACKS || sampled() - sampledBefore > MAX_SAMPLED;
    }

    private int packs() throws IOException {
        return count(objects().resolve("pack"), "*.pack");
    }

    private int sampled() throws IOException {
        return count(objects().resolve(SAMPLE), "*");
    }

    private Path objects() {
        return git.getDirectory().toPath().resolve("objects");
    }

    private static int count(Path folder, String glob) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        int count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
            for (var file = files.iterator(); file.hasNext(); file.next()) {
                count++;
            }
        }
        return count;
    }

    private void tidy() {
        synchronized (this) {
            if (running || stopped) {
                return;
            }
            running = true;
        }
        try {
            // JGit tries without end to copy an object of a pack whose bytes there have another checksum.
            CloneInspection.checkPacks(git.getDirectory().toPath());
            Git.wrap(git).gc().setProgressMonitor(new UntilStopped()).call();
        } catch (IOException | GitAPIException | RuntimeException e) {
            // A damage is logged when the clone is replaced.
            Level level = isStopped() || e instanceof IOException ? Level.FINE : Level.WARNING;
            LOGGER.log(level, "gc failed in " + git.getDirectory(), e);
            failed(e);
        } finally {
            done();
        }
    }

    private synchronized void failed(Throwable why) {
        failure = why;
    }

    /** Returns why the last run failed, once; empty if it did not. */
    synchronized Optional<Throwable> takeFailure() {
        Optional<Throwable> taken = Optional.ofNullable(failure);
        failure = null;
        return taken;
    }

    private synchronized void done() {
        running = false;
        try {
            packsBefore = packs();
            sampledBefore = sampled();
        } catch (IOException | DirectoryIteratorException e) {
            LOGGER.log(Level.FINE, "Could not count the objects of " + git.getDirectory(), e);
        }
        notifyAll();
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    /** Work on the files of the clone. */
    interface FileWork {
        void run() throws IOException;
    }

    /** Waits until no gc runs, and does the work before another begins. */
    synchronized void pauseFor(FileWork work) throws IOException {
        awaitEnd();
        work.run();
    }

    /** Stops for good: interrupts a running gc and waits for its end, so that the clone can be closed or deleted. */
    synchronized void stop() {
        stopped = true;
        awaitEnd();
    }

    private synchronized void awaitEnd() {
        boolean interrupted = false;
        while (running) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class UntilStopped extends EmptyProgressMonitor {
        @Override
        public boolean isCancelled() {
            return isStopped();
        }
    }
}
