package io.jenkins.plugins.gitops.runtime;

import hudson.model.InvisibleAction;
import hudson.model.Run;
import java.util.Optional;

/** Marks a build that the driver of a config repository has started to generate files, and no person and no timer. */
public final class GenerationAction extends InvisibleAction {

    private final String repository;

    public GenerationAction(String repository) {
        this.repository = repository;
    }

    /** The repository whose driver has started a build; empty if something else has. */
    public static Optional<String> findRepository(Run<?, ?> run) {
        return Optional.ofNullable(run.getAction(GenerationAction.class)).map(action -> action.repository);
    }
}
