package io.jenkins.plugins.gitops.steps.generator;

import jenkins.model.CauseOfInterruption;

/** The body of {@code generateConfig} was stopped, since it took too long for one tree. */
public final class GenerationTimeoutCause extends CauseOfInterruption {

    private static final long serialVersionUID = 1L;

    private final String limit;

    GenerationTimeoutCause(String limit) {
        this.limit = limit;
    }

    @Override
    public String getShortDescription() {
        return Messages.GenerationTimeoutCause_Description(limit);
    }
}
