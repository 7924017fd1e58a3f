package io.jenkins.plugins.gitops.runtime;

import hudson.model.Cause;

/** The cause of a build that the driver of a config repository started to generate files. */
final class GenerationCause extends Cause {

    private final String repository;

    GenerationCause(String repository) {
        this.repository = repository;
    }

    @Override
    public String getShortDescription() {
        return "GitOps Waves wants files of the config repository " + repository + " to be generated";
    }
}
