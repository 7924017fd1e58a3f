package io.jenkins.plugins.gitops.configuration;

import hudson.model.Job;
import io.jenkins.plugins.gitops.configuration.base.JobPatterns;
import io.jenkins.plugins.gitops.configuration.base.PullRequestJobs;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Decides what builds of a job may do with a config repository: the only place that reads {@code allowedJobs} and
 * {@code reporters}. A job is identified by its present full name. Steps that waited check again before they act, since
 * the configuration and the name of the job may have changed.
 *
 * @param repository the present configuration of the repository
 * @param job the full name of the job
 * @param ofPullRequest whether the job builds a pull request; such a job may report a check only if {@code reporters}
 *     or {@code allowedJobs} name it exactly
 */
@Restricted(NoExternalUse.class)
public record JobAuthorization(RepositoryDefinition repository, String job, boolean ofPullRequest) {

    public static JobAuthorization of(RepositoryDefinition repository, Job<?, ?> job) {
        return new JobAuthorization(repository, job.getFullName(), PullRequestJobs.includes(job));
    }

    /** The authorization of a job of which only the full name is known. */
    public static JobAuthorization ofJobNamed(RepositoryDefinition repository, String job) {
        return new JobAuthorization(repository, job, PullRequestJobs.includesName(job));
    }

    /** Whether the job may act on these waves. */
    public boolean allows(RepositoryPower power, String... waves) {
        return refusal(power, List.of(waves)).isEmpty();
    }

    /**
     * A sentence that refuses an action of the job and says how to allow it; empty if the action is allowed.
     *
     * @param waves the waves that the action changes; not read if the power is for the repository or for every wave
     */
    public Optional<String> refusal(RepositoryPower power, Collection<String> waves) {
        return switch (power.extent()) {
            case REPOSITORY -> refusalOfRepository();
            case WAVE -> refusalOfRepository().or(() -> refusalOfWaves(power, Set.copyOf(waves)));
            case EVERY_WAVE -> refusalOfRepository().or(() -> refusalOfWaves(power, names()));
            case CHECK -> throw new IllegalArgumentException("A check is reported: ask refusalOfReport.");
            case NO_JOB -> Optional.of("No job may " + power.verb() + " a config repository.");
        };
    }

    /**
     * A sentence that refuses a report of a check by the job; empty if the report is allowed.
     *
     * @param reporters the reporters of the check; if empty, the jobs that may use the repository may report it
     */
    public Optional<String> refusalOfReport(String check, List<String> reporters) {
        List<String> patterns = reporters.isEmpty() ? repository.getAllowedJobs() : reporters;
        if (ofPullRequest && !patterns.contains(job)) {
            return Optional.of("The job \"" + job + "\" builds a pull request, so it may not report the check \""
                    + check
                    + "\" of \"" + repository.getName() + "\": whoever opens one would decide what is merged. A job is"
                    + " excepted if the check's reporters name it exactly.");
        }
        if (reporters.isEmpty()) {
            return refusalOfRepository();
        }
        return JobPatterns.anyMatches(reporters, job)
                ? Optional.empty()
                : Optional.of("The job \"" + job + "\" may not report the check \"" + check + "\" of \""
                        + repository.getName() + "\"; an administrator can add it to the check's reporters.");
    }

    /** The names of the waves on which the job may act. */
    public Set<String> waves(RepositoryPower power) {
        Set<String> allowed = new LinkedHashSet<>(names());
        allowed.removeIf(wave -> !allows(power, wave));
        return allowed;
    }

    private Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        repository.toSettings().waves().forEach(wave -> names.add(wave.name()));
        return names;
    }

    private Optional<String> refusalOfRepository() {
        List<String> allowed = repository.getAllowedJobs();
        boolean isAllowed = allowed.isEmpty() ? repository.isAllJobs() : JobPatterns.anyMatches(allowed, job);
        return isAllowed
                ? Optional.empty()
                : Optional.of("The job \"" + job + "\" may not use the config repository \"" + repository.getName()
                        + "\"; an administrator can add it to the repository's allowedJobs.");
    }

    private Optional<String> refusalOfWaves(RepositoryPower power, Set<String> waves) {
        return repository.getWaves().stream()
                .filter(wave -> waves.contains(Objects.requireNonNullElse(wave.getName(), "")))
                .filter(wave -> !wave.getAllowedJobs().isEmpty())
                .filter(wave -> !JobPatterns.anyMatches(wave.getAllowedJobs(), job))
                .findFirst()
                .map(wave -> "The job \"" + job + "\" may not " + power.verb() + " the wave \"" + wave.getName()
                        + "\" of \"" + repository.getName()
                        + "\"; an administrator can add it to the wave's allowedJobs.");
    }
}
