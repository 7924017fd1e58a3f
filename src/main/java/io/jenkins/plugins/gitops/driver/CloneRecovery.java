package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.explain.CloneServices;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jgit.errors.LargeObjectException;

/**
 * Runs the rounds of a driver on a sound clone: opens the clone in the first, and replaces it when it is damaged, since
 * everything in it is also on the server. For one thread at a time.
 */
final class CloneRecovery {

    private final ConfigRepoClone repo;
    private final Supplier<CloneServices> use;

    /** What works on the clone; null before the first round. */
    @CheckForNull
    private CloneServices services;

    /** Checks before the next round what of the clone is damaged. */
    private Supplier<Optional<String>> inspection;

    /** A round, or a part of one; returns when the next is due. */
    @FunctionalInterface
    interface Round {
        Instant run() throws IOException, RepoUnavailable;
    }

    /**
     * Creates it for a clone that need not be open.
     *
     * @param use makes what works on the clone, each time that it was opened or replaced
     */
    CloneRecovery(ConfigRepoClone repo, Supplier<CloneServices> use) {
        this.repo = repo;
        this.use = use;
        this.inspection = repo::findDamage;
    }

    /** What works on the clone, from the first round on. */
    CloneServices services() {
        return Objects.requireNonNull(services, "no round has opened the clone");
    }

    /** Makes the next round check whether the clone is damaged, since something else than a round failed on it. */
    void suspect(Throwable failure) {
        inspection = () -> repo.findDamage(failure);
    }

    /**
     * Runs a round.
     *
     * @param again runs instead of it if it fails on a damaged clone, once that is replaced
     */
    Instant run(Round round, Round again) throws RepoUnavailable {
        if (repo.open() || services == null) {
            services = use.get();
        }
        try {
            Optional<String> damage = inspection.get();
            inspection = Optional::empty;
            if (damage.isEmpty()) {
                damage = repo.findDamageAfterGc();
            }
            if (damage.isPresent()) {
                replace(damage.get());
            }
            return round.run();
        } catch (LargeObjectException e) {
            throw repo.tooLarge(e);
        } catch (IOException | RepoUnavailable | RuntimeException e) {
            return runAgain(again, e);
        }
    }

    /** Runs again if the clone is damaged, once it is replaced; otherwise the failure stays. */
    private Instant runAgain(Round again, Exception failure) throws RepoUnavailable {
        try {
            Optional<String> damage = mayBeTheClones(failure) ? repo.findDamage(failure) : Optional.empty();
            if (damage.isPresent()) {
                replace(damage.get());
                return again.run();
            }
        } catch (IOException e) {
            e.addSuppressed(failure);
            throw unusable(e);
        }
        if (failure instanceof RepoUnavailable known) {
            throw known;
        }
        if (failure instanceof RuntimeException bug) {
            throw bug;
        }
        throw unusable(failure);
    }

    /** What this plugin refuses by itself has no cause, and is not the clone's. */
    private static boolean mayBeTheClones(Exception failure) {
        return !(failure instanceof RepoUnavailable) || failure.getCause() != null;
    }

    private RepoUnavailable unusable(Exception failure) {
        String words = Objects.requireNonNullElse(failure.getMessage(), failure.toString());
        return new RepoUnavailable(
                "The clone of the config repository " + repo.url() + " cannot be used: " + words
                        + ". Make room on its disk, or let Jenkins write to its folder.",
                failure);
    }

    private void replace(String damage) throws IOException {
        inspection = repo::findDamage;
        repo.beginAnew(damage);
        inspection = Optional::empty;
        services = use.get();
    }
}
