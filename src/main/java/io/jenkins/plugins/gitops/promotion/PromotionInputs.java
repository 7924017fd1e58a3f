package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.CommitQueue;

/**
 * What promotions are decided on, at one time.
 *
 * @param branch reads commits and their images
 * @param queue the queue to which a change would be appended
 * @param rollouts what the waves run
 * @param states what the state ref has of the waves
 * @param candidates what the waves may promote
 */
public record PromotionInputs(
        AutoBranch branch, CommitQueue queue, WaveRollouts rollouts, WaveStateReader states, Candidates candidates) {}
