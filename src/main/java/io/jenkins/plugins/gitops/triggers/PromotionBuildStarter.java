package io.jenkins.plugins.gitops.triggers;

import io.jenkins.plugins.gitops.common.RequestRefused;

/** Starts builds of the jobs that promote, whatever runs them. */
public interface PromotionBuildStarter {

    /**
     * Starts a build of a wave's promotion job.
     *
     * @param job its full name
     * @return what was started, in a sentence
     * @throws RequestRefused if there is no such job, or whoever asks may not build it
     */
    String start(String job, PromotionJobParameters order) throws RequestRefused;
}
