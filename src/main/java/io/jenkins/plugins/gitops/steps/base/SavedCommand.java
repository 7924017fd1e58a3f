package io.jenkins.plugins.gitops.steps.base;

import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.Serializable;
import java.util.Optional;

/** A command for the driver, in the form that {@code program.dat} keeps. */
public interface SavedCommand extends Serializable {

    /** The command itself. */
    StateCommand toStateCommand();

    /**
     * What the command names by a revision that has to be looked up in the repository, see {@link
     * TargetRevision#commitOf}; empty if it names none.
     */
    default Optional<String> namedRevision() {
        return Optional.empty();
    }

    /** Whether the revision may name a release of an image set. */
    default boolean mayBeReleaseOf(WavePath path) {
        return true;
    }

    /** The same command for the commit that was found. */
    default SavedCommand withRevision(String sha) {
        return this;
    }

    /** The power that the job of the build needs for it. */
    RepositoryPower power();

    /** The waves that it changes. */
    String[] waves();

    /**
     * A sentence for the log, without a full stop.
     *
     * @param written whether the state ref did not have the effect before
     */
    String sentence(boolean written);
}
