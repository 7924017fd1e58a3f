package io.jenkins.plugins.gitops.generation;

import java.time.Duration;

/**
 * The settings of the generator of a repository.
 *
 * @param job the full name of the job whose builds generate
 * @param timeout how long it may take for one tree
 */
public record GeneratorSettings(String job, Duration timeout) {}
