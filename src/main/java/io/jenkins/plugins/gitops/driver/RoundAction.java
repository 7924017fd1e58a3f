package io.jenkins.plugins.gitops.driver;

/** The result of a stage of a round that has found something to do. */
sealed interface RoundAction permits RefUpdateBatch, RoundAction.ReadAgain, RoundAction.AwaitGeneration {

    /** Nothing is pushed before a second snapshot has confirmed the first, see {@link TornReadGuard}. */
    record ReadAgain() implements RoundAction {}

    /** Nothing is pushed before the generator has answered. */
    record AwaitGeneration() implements RoundAction {}
}
