package io.jenkins.plugins.gitops.generation;

import java.time.Duration;

/**
 * What makes the generated files of a repository.
 *
 * @param job the full name of the job whose builds generate
 * @param timeout how long it may take for one tree
 */
public record GeneratorSettings(String job, Duration timeout) {}
