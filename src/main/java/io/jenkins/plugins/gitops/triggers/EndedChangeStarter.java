package io.jenkins.plugins.gitops.triggers;

import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.events.WaveEvent;

/** Starts the builds that wait for the ends of changes. */
@FunctionalInterface
public interface EndedChangeStarter {

    /** Starts a build of each job that waits for a change of the repository that ended so. */
    void start(RepositoryDefinition repository, WaveEvent ended);
}
