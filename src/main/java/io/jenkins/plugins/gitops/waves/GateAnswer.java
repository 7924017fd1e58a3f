package io.jenkins.plugins.gitops.waves;

import java.time.Instant;

/**
 * The answer of another system.
 *
 * @param yes whether it said what is asked for; false also if it did not answer
 * @param seen what it said, in a few words
 * @param next when it is asked again
 */
public record GateAnswer(boolean yes, String seen, Instant next) {}
