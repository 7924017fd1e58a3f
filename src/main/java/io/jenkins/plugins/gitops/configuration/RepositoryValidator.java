package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.gitops.ci.CheckResult;
import io.jenkins.plugins.gitops.ci.ForgeSettings;
import io.jenkins.plugins.gitops.ci.OutgoingStatus;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.git.PathPatterns;
import io.jenkins.plugins.gitops.waves.Wave;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Turns a configured repository into the engine's settings, and says in one sentence what is wrong with it. */
final class RepositoryValidator {

    /** The name becomes a folder of the cache, so it must not be able to leave it. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?");

    /** Of a text that becomes part of a line. */
    private static final int LONGEST = 200;

    private final RepositoryDefinition repository;

    RepositoryValidator(RepositoryDefinition repository) {
        this.repository = repository;
    }

    RepositorySettings settings() {
        try {
            return checked();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(shown(e.getMessage()), e);
        }
    }

    /** A sentence without what nobody could read: control characters, and the rest of a value that is far too long. */
    static String shown(@CheckForNull String sentence) {
        String readable = Util.fixNull(sentence).replaceAll("\\p{Cntrl}", "?");
        return readable.replaceAll("([^\\s\"]{" + LONGEST + "})[^\\s\"]+", "$1...");
    }

    private RepositorySettings checked() {
        refuse("name", nameProblem(repository.getName()));
        refuse("url", RepositoryUrls.problem(repository.getUrl(), repository.isAllowInsecure()));
        refuse("committerName", textProblem(repository.getCommitterName(), "<>"));
        refuse("committerEmail", textProblem(repository.getCommitterEmail(), "<>"));
        refuse("messageTemplate", textProblem(repository.getMessageTemplate(), ""));
        refuse("commitUrl", linkProblem(repository.getCommitUrl()));
        refuse("appCommitUrl", linkProblem(repository.getAppCommitUrl()));
        refuse("secrets", sharedSecretProblem());
        checkSources();
        List<RequiredCheck> requiredChecks = requiredChecks();
        List<Wave> waves = in("waves", this::waves);
        return new RepositorySettings(
                Util.fixNull(repository.getName()),
                Util.fixNull(repository.getUrl()),
                repository.getMainBranch(),
                repository.getAutoBranch(),
                stateRef(repository.getStateRef()),
                in("layout", () -> RepositoryDefinition.layout(repository.getLayout())),
                repository.getImageSets(),
                in("generatedPaths", () -> new PathPatterns(repository.getGeneratedPaths())),
                repository.isOnlyWhenDigestsChange(),
                repository.getCommitterName(),
                repository.getCommitterEmail(),
                repository.getMessageTemplate(),
                duration("pollInterval", repository.getPollInterval()),
                duration("missingChecksAfter", repository.getMissingChecksAfter()),
                duration("redGrace", repository.getRedGrace()),
                requiredChecks,
                repository.isMergeWithoutChecks(),
                waves);
    }

    /** One secret for two purposes would let who may announce images approve them. */
    @CheckForNull
    private String sharedSecretProblem() {
        Map<String, String> purposes = new HashMap<>();
        Map<String, String> ids = new LinkedHashMap<>();
        ids.put("imagesSecretId", repository.getImagesSecretId());
        ids.put("deployedSecretId", repository.getDeployedSecretId());
        ids.put("forgeSecretId", repository.getForgeSecretId());
        ids.put("reportersSecretId", repository.getReportersSecretId());
        for (Map.Entry<String, String> purpose : ids.entrySet()) {
            String other = purpose.getValue() == null ? null : purposes.put(purpose.getValue(), purpose.getKey());
            if (other != null) {
                return "are one for two purposes: " + other + " and " + purpose.getKey() + " both are \""
                        + purpose.getValue() + "\"; who may do the one could do the other, so use a secret for each.";
            }
        }
        return null;
    }

    private void checkSources() {
        Set<String> names = new HashSet<>();
        for (CheckSource source : repository.getChecks()) {
            try {
                source.check();
            } catch (IllegalArgumentException e) {
                throw refusal("checks", "of " + source.name() + ": " + e.getMessage());
            }
            if (!names.add(source.name())) {
                refuse(
                        "checks",
                        "has " + source.name()
                                + " twice; required checks could not tell them apart, so leave one out.");
            }
        }
    }

    /** A full name, or that of a branch. */
    private String stateRef(@CheckForNull String given) {
        if (given == null) {
            return RepositorySettings.defaultStateRef(repository.getMainBranch());
        }
        return given.startsWith("refs/") ? given : "refs/heads/" + given;
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
            String source = source(name, definition.getSource(), sources);
            long appId = definition.getAppId();
            if (appId < 0 || appId != CheckResult.NO_APP && !source.equals(ForgeSettings.Kind.GITHUB.source())) {
                refuse(
                        "requiredChecks",
                        "binds \"" + name + "\" to the appId " + appId + " of " + source
                                + "; give the id of an app of GitHub, or leave appId out.");
            }
            if (name.equals(OutgoingStatus.CONTEXT)) {
                refuse(
                        "requiredChecks",
                        "names \"" + name
                                + "\", which is what this plugin reports itself; name the checks of your CI.");
            }
            checks.add(new RequiredCheck(name, source, appId, definition.isAcceptSkipped(), definition.getReporters()));
        }
        return checks;
    }

    private String source(String name, @CheckForNull String source, List<String> sources) {
        if (sources.isEmpty()) {
            refuse(
                    "checks",
                    "is empty, so nobody could report \"" + name
                            + "\"; say where verdicts come from, for example - reported: {}.");
        }
        if (source == null && sources.size() > 1) {
            refuse(
                    "requiredChecks",
                    "does not say which source reports \"" + name + "\"; set its source to one of: "
                            + String.join(", ", sources) + ".");
        }
        if (source != null && !sources.contains(source)) {
            refuse(
                    "requiredChecks",
                    "takes \"" + name + "\" from the source \"" + source + "\", which is not among the checks: "
                            + String.join(", ", sources) + ".");
        }
        return source == null ? sources.get(0) : source;
    }

    private List<Wave> waves() {
        if (repository.getWaves().isEmpty()) {
            return List.of(
                    new Wave("staging", "images/staging", null, false),
                    new Wave("internal", "images/internal", "staging", false),
                    new Wave("production", "images/production", "internal", false));
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

    private void refuse(String field, @CheckForNull String problem) {
        if (problem != null) {
            throw refusal(field, problem);
        }
    }

    private IllegalArgumentException refusal(String field, String problem) {
        return new IllegalArgumentException(subject() + ": " + field + " " + problem);
    }

    private String subject() {
        return repository.getName() == null ? "A repository of GitOps Waves" : "Repository " + repository.getName();
    }

    @CheckForNull
    static String nameProblem(@CheckForNull String name) {
        if (name == null) {
            return "is missing; give the repository the name by which Jenkinsfiles call it.";
        }
        return NAME.matcher(name).matches()
                ? null
                : "\"" + name
                        + "\" is not usable; use letters, digits, dots, dashes and underscores, and do not end in a dot.";
    }

    /**
     * What is wrong with a change, if it is made to a repository that has nothing else wrong, for a form that knows one
     * field and no more.
     */
    @CheckForNull
    static String problem(Consumer<RepositoryDefinition> change) {
        var repository = new RepositoryDefinition("this", "https://git.example.com/this.git");
        repository.setMergeWithoutChecks(true);
        change.accept(repository);
        try {
            repository.toSettings();
            return null;
        } catch (IllegalArgumentException e) {
            return Util.fixNull(e.getMessage())
                    .replaceFirst("^Repository this: (waves cannot be used: )?(of the wave this: )?", "")
                    .replace(" of the wave this", "");
        }
    }

    /** What git would not take in the line of a commit that says who made it, or the subject of one. */
    @CheckForNull
    static String textProblem(String text, String forbidden) {
        if (text.length() > LONGEST) {
            return "is longer than " + LONGEST + " characters; shorten it.";
        }
        boolean bad = text.chars().anyMatch(c -> Character.isISOControl(c) || forbidden.indexOf(c) >= 0);
        return bad
                ? "has a line break or another control character"
                        + (forbidden.isEmpty() ? "" : ", or one of " + forbidden) + "; take it out."
                : null;
    }

    @CheckForNull
    static String checkNameProblem(String name) {
        return name.equals(OutgoingStatus.CONTEXT)
                ? "is what this plugin reports itself; name a check of your CI."
                : textProblem(name, "");
    }

    @CheckForNull
    static String durationProblem(@CheckForNull String text) {
        String given = Util.fixEmptyAndTrim(text);
        if (given == null) {
            return null;
        }
        try {
            Durations.parse(given);
            return null;
        } catch (IllegalArgumentException e) {
            return "cannot be used: " + e.getMessage();
        }
    }

    @CheckForNull
    static String linkProblem(@CheckForNull String template) {
        if (template == null) {
            return null;
        }
        if (!template.startsWith("https://") && !template.startsWith("http://")) {
            return "has to begin with https:// or http://.";
        }
        return template.contains("{sha}") ? null : "has to contain {sha} where the commit goes.";
    }
}
