package io.jenkins.plugins.gitops.driver;

/** What a stage of a round has found to do. */
sealed interface RoundAction permits RefUpdateBatch, RoundAction.ReadAgain {

    /** Nothing is pushed before a second snapshot has confirmed the first, see {@link TornReadGuard}. */
    record ReadAgain() implements RoundAction {}
}
