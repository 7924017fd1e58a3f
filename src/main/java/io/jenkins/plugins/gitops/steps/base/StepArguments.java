package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.waves.Wave;
import java.time.Duration;
import jenkins.model.Jenkins;

/** What steps check before they ask a driver for anything. */
public final class StepArguments {

    private StepArguments() {}

    /** The config repository that a step names or means, if there is one. */
    public static RepositoryDefinition repository(@CheckForNull String repo) throws AbortException {
        try {
            return GitOpsWavesConfiguration.get().repository(repo);
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
    }

    /** The config repository that a step names or means, if the build may use it. */
    public static RepositoryDefinition repository(@CheckForNull String repo, Run<?, ?> run) throws AbortException {
        RepositoryDefinition repository = repository(repo);
        String job = run.getParent().getFullName();
        if (!repository.allows(job)) {
            throw new AbortException("The job \"" + job + "\" may not use the config repository \""
                    + repository.getName() + "\"; an administrator can add it to the repository's allowedJobs.");
        }
        return repository;
    }

    /** The wave of that name. */
    public static Wave wave(RepositoryDefinition repository, String name) throws AbortException {
        try {
            return repository.toSettings().wave(name);
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
    }

    /** The wave, if builds of the job may write into it. */
    public static Wave writable(RepositoryDefinition repository, Wave wave, Run<?, ?> run) throws AbortException {
        String job = run.getParent().getFullName();
        if (!repository.allows(job, wave.name())) {
            throw new AbortException("The job \"" + job + "\" may not write into the wave \"" + wave.name() + "\" of \""
                    + repository.getName() + "\"; an administrator can add it to the wave's allowedJobs.");
        }
        return wave;
    }

    public static Duration duration(String text, String parameter) throws AbortException {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new AbortException(parameter + " " + e.getMessage());
        }
    }

    /** How many targets are asked for, checked; null for no more than is configured. */
    @CheckForNull
    public static String requirement(@CheckForNull String text) throws AbortException {
        try {
            return text == null ? null : RolloutRequirement.parse(text).toString();
        } catch (IllegalArgumentException e) {
            throw new AbortException("require: " + e.getMessage());
        }
    }

    /** Who asks, in words for people. */
    public static String by(Run<?, ?> run) {
        String url = url(run);
        String build = run.getParent().getFullName() + " #" + run.getNumber();
        return url == null ? build : build + " (" + url + ")";
    }

    public static String required(@CheckForNull String value, String step, String parameter) throws AbortException {
        if (value == null) {
            throw new AbortException(step + " needs " + parameter + ":.");
        }
        return value;
    }

    /** A full commit SHA, so that nothing depends on what an abbreviation means later. */
    public static String fullSha(String sha, String what) throws AbortException {
        if (!CommitSha.isFull(sha)) {
            throw new AbortException(
                    what + " \"" + sha + "\" is not a full commit SHA; give all of its 40 hexadecimal digits.");
        }
        return sha;
    }

    /** The name of the image set that a step names or means, or null where the only one has none. */
    @CheckForNull
    public static String set(RepositoryDefinition repository, @CheckForNull String set) throws AbortException {
        try {
            return repository.toSettings().imageSet(set);
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
    }

    /** As {@link #set}, for a step that need not know: null also where none is named. */
    @CheckForNull
    public static String optionalSet(RepositoryDefinition repository, @CheckForNull String set) throws AbortException {
        return set == null ? null : set(repository, set);
    }

    /** Where people see the build, if Jenkins knows its own address. */
    @CheckForNull
    public static String url(Run<?, ?> run) {
        String root = Jenkins.get().getRootUrl();
        return root == null ? null : root + run.getUrl();
    }
}
