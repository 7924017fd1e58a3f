package io.jenkins.plugins.gitops.steps.base;

import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import java.io.Serializable;

/** A command for the driver, in the form that {@code program.dat} keeps. */
public interface SavedCommand extends Serializable {

    /** The command itself. */
    StateCommand toStateCommand();

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
