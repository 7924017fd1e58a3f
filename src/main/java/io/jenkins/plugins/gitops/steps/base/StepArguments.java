package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.JobAuthorization;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.remote.AddressForm;
import io.jenkins.plugins.gitops.waves.Wave;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;

/** Checks of the arguments of steps. An invalid argument fails the step with a sentence for users. */
public final class StepArguments {

    private StepArguments() {}

    /** The config repository that a step names, or the only one. */
    public static RepositoryDefinition repository(@CheckForNull String repo) throws AbortException {
        try {
            return GitOpsWavesConfiguration.get().repository(repo);
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
    }

    /** The config repository that a step names, or the only one; fails unless it allows the job of the build. */
    public static RepositoryDefinition repository(@CheckForNull String repo, Run<?, ?> run) throws AbortException {
        RepositoryDefinition repository = repository(repo);
        require(repository, run, RepositoryPower.READ);
        return repository;
    }

    /** Fails unless the job of the build may do something to these waves of a repository. */
    public static void require(RepositoryDefinition repository, Run<?, ?> run, RepositoryPower power, String... waves)
            throws AbortException {
        Optional<String> refusal =
                JobAuthorization.of(repository, run.getParent()).refusal(power, List.of(waves));
        if (refusal.isPresent()) {
            throw new AbortException(refusal.get());
        }
    }

    /** The wave of a name. */
    public static Wave wave(RepositoryDefinition repository, String name) throws AbortException {
        try {
            return repository.toSettings().wave(name);
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
    }

    public static Duration duration(String text, String parameter) throws AbortException {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new AbortException(parameter + " " + e.getMessage());
        }
    }

    /** The address of a web page, checked, or null. The refusal repeats nothing of it, since it may hold a password. */
    @CheckForNull
    public static String webPage(@CheckForNull String url) throws AbortException {
        String given = limited(url, "url");
        if (given != null && AddressForm.webPage(given).isEmpty()) {
            throw new AbortException("url: is not the address of a web page; begin it with https:// or http://, name no"
                    + " user, and check its host and port.");
        }
        return given;
    }

    /** What kind of value a Jenkinsfile gives, in a word for people; for kinds that have none, the class in Groovy. */
    public static String kind(Object value) {
        return value instanceof CharSequence
                ? "a text"
                : value instanceof Number
                        ? "a number"
                        : value instanceof Boolean
                                ? "true or false"
                                : value instanceof Map
                                        ? "a map"
                                        : value instanceof Collection
                                                ? "a list"
                                                : value.getClass().getSimpleName();
    }

    /** The number of targets that a step requires, checked; empty for no more than is configured. */
    public static Optional<String> requirement(@CheckForNull String text) throws AbortException {
        try {
            return Optional.ofNullable(text)
                    .map(given -> RolloutRequirement.parse(given).toString());
        } catch (IllegalArgumentException e) {
            throw new AbortException("require: " + e.getMessage());
        }
    }

    /** The name of the build, with its URL if Jenkins has a root URL, for people. */
    public static String requester(Run<?, ?> run) {
        String build = run.getParent().getFullName() + " #" + run.getNumber();
        return url(run).map(url -> build + " (" + url + ")").orElse(build);
    }

    public static String required(@CheckForNull String value, String step, String parameter) throws AbortException {
        if (value == null) {
            throw new AbortException(step + " needs " + parameter + ":.");
        }
        return value;
    }

    /**
     * Checks the length of a text of a Jenkinsfile: a longer one would be cut, or would enlarge the state of the config
     * repository.
     *
     * @param value the text, or null
     * @return the text
     */
    @CheckForNull
    public static String limited(@CheckForNull String value, String parameter) throws AbortException {
        if (value != null) {
            try {
                SingleLine.checkLength(value, parameter);
            } catch (IllegalArgumentException e) {
                throw new AbortException(parameter + ": " + e.getMessage());
            }
        }
        return value;
    }

    /** Checks that a commit SHA is a full one: an abbreviation may become ambiguous later. */
    public static String fullSha(String sha, String what) throws AbortException {
        if (!CommitSha.isFull(sha)) {
            throw new AbortException(what + " \"" + SingleLine.excerpt(sha)
                    + "\" is not a full commit SHA; give all of its 40 hexadecimal digits"
                    + (CommitSha.isFull(sha.toLowerCase(Locale.ROOT)) ? ", in lower case." : "."));
        }
        return sha;
    }

    /** The name of the image set that a step names, or of the only one; empty where the only one has no name. */
    public static Optional<String> set(RepositoryDefinition repository, @CheckForNull String set)
            throws AbortException {
        try {
            return repository.toSettings().imageSet(Optional.ofNullable(set));
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
    }

    /** As {@link #set}, for a step that also takes the whole wave: empty also where none is named. */
    public static Optional<String> optionalSet(RepositoryDefinition repository, @CheckForNull String set)
            throws AbortException {
        return set == null ? Optional.empty() : set(repository, set);
    }

    /** The URL of the build, if Jenkins has a root URL. */
    public static Optional<String> url(Run<?, ?> run) {
        return Optional.ofNullable(Jenkins.get().getRootUrl()).map(root -> root + run.getUrl());
    }
}
