package io.jenkins.plugins.gitops.runtime;

import hudson.model.InvisibleAction;
import hudson.model.Run;

/** Marks a build that the driver of a config repository has started to generate files, and no person and no timer. */
public final class GenerationAction extends InvisibleAction {

    private final String repository;

    public GenerationAction(String repository) {
        this.repository = repository;
    }

    /** Whether a build was started by the driver of a repository. */
    public static boolean isOn(Run<?, ?> run, String repository) {
        GenerationAction action = run.getAction(GenerationAction.class);
        return action != null && action.repository.equals(repository);
    }
}
