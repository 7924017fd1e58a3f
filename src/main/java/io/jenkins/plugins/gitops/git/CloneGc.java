package io.jenkins.plugins.gitops.git;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;

/**
 * Keeps a clone small: packs what has gathered, and throws away what no ref has needed for an hour. It works beside the
 * use of the clone and can be stopped at any moment; what it had begun is begun anew some other time.
 */
final class CloneGc {

    private static final Logger LOGGER = Logger.getLogger(CloneGc.class.getName());

    /** As many as git lets gather, see gc.autoPackLimit in git-config(1). */
    private static final int MAX_PACKS = 50;

    /** Of the 256 folders that objects lie in by their ids, one stands for all, as for gc.auto in git-config(1). */
    private static final String SAMPLE = "17";

    private static final int MAX_SAMPLED = 6700 / 256;

    private final Repository git;
    private final Executor executor;

    // Guarded by this.
    private boolean running;
    private boolean stopped;
    private int packsBefore;
    private int sampledBefore;

    /**
     * Begins to keep a clone.
     *
     * @param executor runs what takes seconds
     */
    CloneGc(Repository git, Executor executor) throws IOException {
        this.git = git;
        this.executor = executor;
        StoredConfig config = git.getConfig();
        boolean known = !config.getBoolean("pack", "buildBitmaps", true);
        if (!known) {
            // See RemoteRepository.connect.
            config.setBoolean("pack", null, "buildBitmaps", false);
            config.setInt("pack", null, "threads", 1);
            config.setInt("core", null, "compression", 1);
            // No round takes an hour, so that nothing is thrown away that is about to be pushed.
            config.setString("gc", null, "pruneExpire", "1.hour.ago");
            config.save();
        }
    }

    /** Tidies up if enough has gathered, and nobody does already. */
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
        // What is there right after tidying up is too young to be thrown away, and does not call for more of it.
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
            Git.wrap(git).gc().setProgressMonitor(new UntilStopped()).call();
        } catch (GitAPIException | JGitInternalException e) {
            LOGGER.log(isStopped() ? Level.FINE : Level.WARNING, "Could not tidy up " + git.getDirectory(), e);
        } finally {
            done();
        }
    }

    private synchronized void done() {
        running = false;
        try {
            packsBefore = packs();
            sampledBefore = sampled();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "Could not look at " + git.getDirectory(), e);
        }
        notifyAll();
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    /** Stops for good; when this returns nothing touches the clone any more. */
    synchronized void stop() {
        stopped = true;
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
