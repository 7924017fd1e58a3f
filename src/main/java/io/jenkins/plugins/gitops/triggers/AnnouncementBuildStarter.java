package io.jenkins.plugins.gitops.triggers;

import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import java.io.IOException;

/** Starts builds of the jobs that an announcement of images triggers. */
public interface AnnouncementBuildStarter {

    /**
     * Starts one build, for this announcement alone, of each job that the announcement triggers. The builds, or their
     * places in the queue, are stored when the method returns, so that a restart does not lose them.
     *
     * @return the number of builds
     */
    int start(RepositoryDefinition repository, ImageAnnouncement announced) throws IOException;
}
