package io.jenkins.plugins.gitops.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.git.remote.RemoteRepository;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jgit.lib.Repository;

/**
 * The bare clone that this process keeps of a config repository, with what its refs remember. One that is damaged, or of
 * another repository, gives way to a new one.
 */
final class LocalClone implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(LocalClone.class.getName());

    private final CloneStore store;
    private final RemoteRepository remote;
    private final Executor housekeeper;

    @CheckForNull
    private Opened opened;

    /** A clone that is open. */
    private record Opened(Repository git, CloneGc gc, RememberedRefs memory) {}

    /**
     * Creates a clone that is not open.
     *
     * @param remote the repository of which it is a clone
     * @param housekeeper runs the garbage collection of the clone, which takes seconds
     */
    LocalClone(CloneStore store, RemoteRepository remote, Executor housekeeper) {
        this.store = store;
        this.remote = remote;
        this.housekeeper = housekeeper;
    }

    /**
     * Opens the clone, unless it is open; creates an empty one if there is none.
     *
     * @return whether it was opened now
     * @throws IOException if none can be made
     */
    boolean open() throws IOException {
        if (opened != null) {
            return false;
        }
        Repository git = null;
        try {
            git = store.open();
            Optional<String> known = CloneConfig.url(git.getConfig());
            if (known.isEmpty()
                    && !git.getRefDatabase().getRefsByPrefix("refs/").isEmpty()) {
                throw new IOException("its config does not say of which repository it is");
            }
            if (known.filter(url -> !url.equals(remote.configuredUrl())).isPresent()) {
                git.close();
                openNew();
            } else {
                use(git);
            }
        } catch (IOException | RuntimeException e) {
            logDamage(String.valueOf(e.getMessage()));
            if (git != null) {
                git.close();
            }
            openNew();
        }
        return true;
    }

    private void openNew() throws IOException {
        store.abandon();
        use(store.open());
    }

    private void use(Repository git) throws IOException {
        CloneConfig.write(git.getConfig(), remote.configuredUrl());
        var gc = new CloneGc(git, housekeeper);
        opened = new Opened(git, gc, new RememberedRefs(git, gc));
    }

    private Opened opened() {
        if (opened == null) {
            throw new IllegalStateException("The clone in " + store + " is not open");
        }
        return opened;
    }

    private void logDamage(String damage) {
        LOGGER.log(Level.WARNING, "The clone of {0} in {1} is damaged, and a new one is made: {2}", new Object[] {
            remote.url(), store, damage
        });
    }

    Repository git() {
        return opened().git();
    }

    /** The refs that were accepted last, also before a restart. */
    RememberedRefs memory() {
        return opened().memory();
    }

    /** Checks before the clone is used whether it is damaged; returns what is. */
    Optional<String> findDamage() {
        return inspection().beforeUse();
    }

    /** Checks whether the clone is damaged after work on it has failed; returns what is. */
    Optional<String> findDamage(Throwable failure) {
        Optional<String> blocked =
                CloneInspection.cause(failure, RememberedRefs.RefBlocked.class).map(Throwable::getMessage);
        return blocked.isPresent() ? blocked : inspection().after(failure);
    }

    /** Checks in the same way if garbage collection has failed since the last call. */
    Optional<String> findDamageAfterGc() throws IOException {
        Optional<Throwable> failure = opened().gc().takeFailure();
        if (failure.isEmpty()) {
            return Optional.empty();
        }
        // Only a process that has ended can have left them.
        opened().gc()
                .pauseFor(() -> CloneFolder.deleteLocks(git().getDirectory().toPath()));
        return findDamage(failure.get());
    }

    private CloneInspection inspection() {
        return new CloneInspection(git(), remote.configuredUrl());
    }

    /**
     * Gives up the clone, with what it remembered, and makes a new one.
     *
     * @param damage why, for the log
     */
    void beginAnew(String damage) throws IOException {
        logDamage(damage);
        close();
        openNew();
    }

    @Override
    public void close() {
        if (opened != null) {
            opened.gc().stop();
            opened.git().close();
            opened = null;
        }
    }

    @Override
    public String toString() {
        return store.toString();
    }
}
