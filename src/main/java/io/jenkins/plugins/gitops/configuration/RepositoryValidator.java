package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.gitops.changes.CommitSubject;
import io.jenkins.plugins.gitops.ci.CheckResult;
import io.jenkins.plugins.gitops.ci.OutgoingStatus;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.ci.forges.ForgeSettings;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.configuration.base.FieldRules;
import io.jenkins.plugins.gitops.configuration.base.JobPatterns;
import io.jenkins.plugins.gitops.configuration.checks.AppRepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.CheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.configuration.repository.NotificationDefinition;
import io.jenkins.plugins.gitops.configuration.repository.SigningDefinition;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.events.NotificationSettings;
import io.jenkins.plugins.gitops.images.ImageSetLayout;
import io.jenkins.plugins.gitops.registry.SignaturePolicy;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Converts a configured repository to the settings of its driver, or says in one sentence what is wrong with it. */
final class RepositoryValidator {

    /** The waves of a repository that names none. */
    static final List<Wave> DEFAULT_WAVES = List.of(
            Wave.named("staging").build(),
            Wave.named("internal").promotesFrom("staging").build(),
            Wave.named("production").promotesFrom("internal").build());

    private final RepositoryDefinition repository;

    RepositoryValidator(RepositoryDefinition repository) {
        this.repository = repository;
    }

    /**
     * Converts the repository.
     *
     * @throws IllegalArgumentException with a sentence that names the repository, the field, and what to do
     */
    RepositorySettings settings() {
        try {
            return convert();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(FieldRules.readable(e.getMessage()), e);
        }
    }

    private RepositorySettings convert() {
        refuse("name", FieldRules.name(repository.getName()));
        refuse("url", RepositoryUrls.problem(repository.getUrl(), repository.isAllowInsecure()));
        refuse("committerName", FieldRules.lineOfCommit(repository.getCommitterName(), "<>"));
        refuse("committerEmail", FieldRules.lineOfCommit(repository.getCommitterEmail(), "<>"));
        refuse("messageTemplate", FieldRules.lineOfCommit(repository.getMessageTemplate(), ""));
        refuse("messageTemplate", CommitSubject.problem(repository.getMessageTemplate()));
        refuse("commitUrl", FieldRules.commitLink(repository.getCommitUrl()));
        refuse("appCommitUrl", FieldRules.commitLink(repository.getAppCommitUrl()));
        refuse("appCompareUrl", FieldRules.compareLink(repository.getAppCompareUrl()));
        AppRepositoryDefinition application = repository.getAppRepository();
        if (application != null) {
            in("appRepository", application::toSettings);
        }
        if (repository.getMaxOrderStep() < 0) {
            throw refusal("maxOrderStep", "is negative; give by how much an order may grow at once, or 0 for any.");
        }
        if (repository.getAllowedJobs().isEmpty() && !repository.isAllJobs()) {
            throw refusal(
                    "allowedJobs",
                    "is empty, so no job may use it; name the jobs that may, for example"
                            + " allowedJobs: [\"acme/**\"], or let every job of this controller with allJobs: true.");
        }
        refuse("allowedJobs:", JobPatterns.problem(repository.getAllowedJobs()));
        for (WaveDefinition wave : repository.getWaves()) {
            refuse("allowedJobs of the wave " + wave.getName() + ":", JobPatterns.problem(wave.getAllowedJobs()));
        }
        SigningDefinition signing = repository.getSigning();
        if (signing != null && signing.getCredentialsId() == null) {
            throw refusal("signing", "names no key; give the credentialsId of a stored private key, or leave it out.");
        }
        refuse("folder", FieldRules.fullName(repository.getFolder()));
        checkNotifications();
        checkSources();
        List<RequiredCheck> requiredChecks = requiredChecks();
        List<Wave> waves = in("waves", this::waves);
        var settings = RepositorySettings.named(
                        Util.fixNull(repository.getName()), RepositoryUrls.canonical(Util.fixNull(repository.getUrl())))
                .mainBranch(repository.getMainBranch())
                .autoBranch(repository.getAutoBranch())
                .layout(in("layout", () -> layout(repository.getLayout())))
                .imageSets(repository.getImageSets())
                .generatedPaths(in("generatedPaths", () -> new PathPatterns(repository.getGeneratedPaths())))
                .generator(in(
                        "generator",
                        () -> Optional.ofNullable(repository.getGenerator()).map(GeneratorDefinition::toSettings)))
                .onlyWhenDigestsChange(repository.isOnlyWhenDigestsChange())
                .announcementsReplace(in("announcements", () -> replaces(repository.getAnnouncements())))
                .replacedSets(repository.getReplacedSets())
                .committerName(repository.getCommitterName())
                .committerEmail(repository.getCommitterEmail())
                .messageTemplate(repository.getMessageTemplate())
                .pollInterval(duration("pollInterval", repository.getPollInterval()))
                .missingChecksAfter(duration("missingChecksAfter", repository.getMissingChecksAfter()))
                .redGrace(duration("redGrace", repository.getRedGrace()))
                .brokenCheckGrace(duration("brokenCheckGrace", repository.getBrokenCheckGrace()))
                .requiredChecks(requiredChecks)
                .mergeWithoutChecks(repository.isMergeWithoutChecks())
                .waves(waves)
                .trustedSigners(repository.getTrustedSigners())
                .signatures(in(
                        "signatures",
                        () -> repository.getSignatures() == null
                                ? SignaturePolicy.NONE
                                : repository.getSignatures().toPolicy()));
        String stateRef = repository.getStateRef();
        if (stateRef != null) {
            // A full name, or that of a branch.
            settings.stateRef(stateRef.startsWith("refs/") ? stateRef : "refs/heads/" + stateRef);
        }
        return settings.build();
    }

    private static ImageSetLayout.Layout layout(String layout) {
        return switch (layout) {
            case RepositoryDefinition.TAGS_AND_DIGESTS -> ImageSetLayout.Layout.TAGS_AND_DIGESTS;
            case RepositoryDefinition.IMAGES -> ImageSetLayout.Layout.IMAGES;
            case RepositoryDefinition.HELM -> ImageSetLayout.Layout.HELM;
            case RepositoryDefinition.KUSTOMIZE -> ImageSetLayout.Layout.KUSTOMIZE;
            default ->
                throw new IllegalArgumentException("\"" + layout + "\" is not known; use "
                        + RepositoryDefinition.TAGS_AND_DIGESTS + ", " + RepositoryDefinition.IMAGES + ", "
                        + RepositoryDefinition.HELM + " or " + RepositoryDefinition.KUSTOMIZE + ".");
        };
    }

    private static boolean replaces(String announcements) {
        return switch (announcements) {
            case RepositoryDefinition.MERGE -> false;
            case RepositoryDefinition.REPLACE -> true;
            default ->
                throw new IllegalArgumentException("\"" + announcements + "\" is not known; use "
                        + RepositoryDefinition.MERGE + " or " + RepositoryDefinition.REPLACE + ".");
        };
    }

    private void checkSources() {
        Set<String> names = new HashSet<>();
        for (CheckSource source : repository.getChecks()) {
            try {
                source.validate();
            } catch (IllegalArgumentException e) {
                throw refusal("checks", "of " + source.name() + ": " + e.getMessage());
            }
            if (!names.add(source.name())) {
                throw refusal(
                        "checks",
                        "has " + source.name()
                                + " twice; required checks could not tell them apart, so leave one out.");
            }
        }
    }

    private void checkNotifications() {
        Set<String> urls = new HashSet<>();
        for (NotificationDefinition notification : repository.getNotifications()) {
            NotificationSettings settings = in("notifications", notification::toSettings);
            if (!urls.add(settings.url())) {
                throw refusal("notifications", "names one url twice; put the events of both into one.");
            }
            List<String> waves =
                    in("waves", this::waves).stream().map(Wave::name).toList();
            for (String wave : settings.waves()) {
                if (!waves.contains(wave)) {
                    throw refusal(
                            "notifications",
                            "names the wave \"" + wave + "\", which is none of its waves; name "
                                    + String.join(", ", waves) + ", or leave waves out.");
                }
            }
        }
    }

    private List<RequiredCheck> requiredChecks() {
        List<RequiredCheckDefinition> definitions = repository.getRequiredChecks();
        List<String> sources =
                repository.getChecks().stream().map(CheckSource::name).toList();
        List<RequiredCheck> checks = new ArrayList<>();
        for (RequiredCheckDefinition definition : definitions) {
            String name = definition.getName();
            if (name == null) {
                throw refusal(
                        "requiredChecks", "has an entry without a name; give it the exact name of the CI context.");
            }
            if (name.length() > SingleLine.MAX_LENGTH) {
                throw refusal(
                        "requiredChecks",
                        "has a name of " + name.length() + " characters, and reports name at most "
                                + SingleLine.MAX_LENGTH + "; give the exact name of the CI context.");
            }
            refuse("reporters of \"" + name + "\" in requiredChecks:", JobPatterns.problem(definition.getReporters()));
            String source = source(name, definition.getSource(), sources);
            long appId = definition.getAppId();
            if (appId < 0 || appId != CheckResult.NO_APP && !source.equals(ForgeSettings.ForgeKind.GITHUB.source())) {
                throw refusal(
                        "requiredChecks",
                        "binds \"" + name + "\" to the appId " + appId + " of " + source
                                + "; give the id of an app of GitHub, or leave appId out.");
            }
            if (name.equals(OutgoingStatus.CONTEXT)) {
                throw refusal(
                        "requiredChecks",
                        "names \"" + name
                                + "\", which is what this plugin reports itself; name the checks of your CI.");
            }
            String workflow = definition.getWorkflow();
            if (workflow != null && !source.equals(ForgeSettings.ForgeKind.GITHUB.source())) {
                throw refusal(
                        "requiredChecks",
                        "binds \"" + name + "\" to the workflow \"" + workflow + "\" of " + source
                                + "; only github says which workflow a run is of, so leave workflow out.");
            }
            checks.add(new RequiredCheck(
                    name,
                    source,
                    appId,
                    Optional.ofNullable(workflow),
                    definition.isAcceptSkipped(),
                    definition.getReporters()));
        }
        return checks;
    }

    private String source(String name, @CheckForNull String source, List<String> sources) {
        if (sources.isEmpty()) {
            throw refusal(
                    "checks",
                    "is empty, so nobody could report \"" + name
                            + "\"; say where verdicts come from, for example - reported: {}.");
        }
        if (source == null && sources.size() > 1) {
            throw refusal(
                    "requiredChecks",
                    "does not say which source reports \"" + name + "\"; set its source to one of: "
                            + String.join(", ", sources) + ".");
        }
        if (source != null && !sources.contains(source)) {
            throw refusal(
                    "requiredChecks",
                    "takes \"" + name + "\" from the source \"" + source
                            + "\", which is not among the checks; name one of them: " + String.join(", ", sources)
                            + ".");
        }
        return source == null ? sources.get(0) : source;
    }

    private List<Wave> waves() {
        if (repository.getWaves().isEmpty()) {
            return DEFAULT_WAVES;
        }
        return repository.getWaves().stream().map(WaveDefinition::toWave).toList();
    }

    private Duration duration(String field, String text) {
        return in(field, () -> Durations.parse(text));
    }

    /** Adds the repository and the field to a sentence about a value. */
    private <T> T in(String field, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(subject() + ": " + field + " cannot be used: " + e.getMessage());
        }
    }

    private void refuse(String field, Optional<String> problem) {
        if (problem.isPresent()) {
            throw refusal(field, problem.get());
        }
    }

    private IllegalArgumentException refusal(String field, String problem) {
        return new IllegalArgumentException(subject() + ": " + field + " " + problem);
    }

    private String subject() {
        return repository.getName() == null ? "A repository of GitOps Waves" : "Repository " + repository.getName();
    }

    /**
     * The problem of a change that is made to a repository without other problems, for the form, which
     * checks one field at a time.
     */
    static Optional<String> problem(Consumer<RepositoryDefinition> change) {
        var repository = new RepositoryDefinition("this", "https://git.example.com/this.git");
        repository.setMergeWithoutChecks(true);
        repository.setAllJobs(true);
        change.accept(repository);
        try {
            repository.toSettings();
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(Util.fixNull(e.getMessage())
                    .replaceFirst("^Repository this: (waves cannot be used: )?(the wave this: )?", "")
                    .replace(" of the wave this", ""));
        }
    }
}
