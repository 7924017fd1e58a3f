package io.jenkins.plugins.gitops.triggers;

import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import java.io.IOException;

/** Starts builds of the jobs that take announced images, whatever runs them. */
public interface AnnouncementBuildStarter {

    /**
     * Starts one build of each job that takes the announcement, for this announcement alone. When it returns, they are
     * kept where a restart finds them.
     *
     * @return how many were started
     */
    int start(RepositoryDefinition repository, AnnouncedImages announced) throws IOException;
}
