package io.jenkins.plugins.gitops.runtime;

import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;

/** Starts builds of the jobs that generate. */
public interface GeneratorBuildStarter {

    /**
     * Starts a build, unless one of the job is queued or running, which will do the work too.
     *
     * @param job its full name
     * @throws RequestRefused with a sentence, if none can be started
     */
    void start(RepositoryDefinition repository, String job) throws RequestRefused;
}
