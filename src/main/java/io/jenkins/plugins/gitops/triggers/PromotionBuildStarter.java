package io.jenkins.plugins.gitops.triggers;

import io.jenkins.plugins.gitops.common.RequestRefused;

/** Starts builds of promotion jobs. */
public interface PromotionBuildStarter {

    /**
     * Starts a build of a wave's promotion job as the present user.
     *
     * @param job the full name of the job
     * @return what was started
     * @throws RequestRefused if there is no such job, or the user may not build it
     */
    StartedBuild start(String job, PromotionJobParameters parameters) throws RequestRefused;
}
