package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.changes.CommitSubject;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.generation.GeneratorSettings;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.images.ImageSetLayout.Layout;
import io.jenkins.plugins.gitops.registry.SignaturePolicy;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Builds {@link RepositorySettings}. The defaults are those of the configuration. */
public final class RepositorySettingsBuilder {

    private final String name;
    private final String url;
    private String mainBranch = "master";
    private String autoBranch = "auto";
    private Optional<String> stateRef = Optional.empty();
    private Layout layout = Layout.TAGS_AND_DIGESTS;
    private List<String> imageSets = List.of();
    private PathPatterns generatedPaths = PathPatterns.NONE;
    private Optional<GeneratorSettings> generator = Optional.empty();
    private boolean onlyWhenDigestsChange;
    private boolean announcementsReplace;
    private List<String> replacedSets = List.of();
    private String committerName = "GitOps Waves";
    private String committerEmail = "gitops-waves@example.com";
    private String messageTemplate = CommitSubject.DEFAULT_TEMPLATE;
    private Duration pollInterval = Duration.ofSeconds(60);
    private Duration missingChecksAfter = Duration.ofMinutes(10);
    private Duration redGrace = Duration.ofSeconds(60);
    private Duration brokenCheckGrace = Duration.ofMinutes(30);
    private List<RequiredCheck> requiredChecks = List.of();
    private boolean mergeWithoutChecks;
    private List<Wave> waves = List.of();
    private List<String> trustedSigners = List.of();
    private SignaturePolicy signatures = SignaturePolicy.NONE;

    RepositorySettingsBuilder(String name, String url) {
        this.name = name;
        this.url = url;
    }

    public RepositorySettingsBuilder mainBranch(String value) {
        mainBranch = value;
        return this;
    }

    public RepositorySettingsBuilder autoBranch(String value) {
        autoBranch = value;
        return this;
    }

    public RepositorySettingsBuilder stateRef(String value) {
        stateRef = Optional.of(value);
        return this;
    }

    public RepositorySettingsBuilder layout(Layout value) {
        layout = value;
        return this;
    }

    public RepositorySettingsBuilder imageSets(List<String> value) {
        imageSets = value;
        return this;
    }

    public RepositorySettingsBuilder generatedPaths(PathPatterns value) {
        generatedPaths = value;
        return this;
    }

    public RepositorySettingsBuilder generator(Optional<GeneratorSettings> value) {
        generator = value;
        return this;
    }

    public RepositorySettingsBuilder onlyWhenDigestsChange(boolean value) {
        onlyWhenDigestsChange = value;
        return this;
    }

    public RepositorySettingsBuilder announcementsReplace(boolean value) {
        announcementsReplace = value;
        return this;
    }

    public RepositorySettingsBuilder replacedSets(List<String> value) {
        replacedSets = value;
        return this;
    }

    public RepositorySettingsBuilder committerName(String value) {
        committerName = value;
        return this;
    }

    public RepositorySettingsBuilder committerEmail(String value) {
        committerEmail = value;
        return this;
    }

    public RepositorySettingsBuilder messageTemplate(String value) {
        messageTemplate = value;
        return this;
    }

    public RepositorySettingsBuilder pollInterval(Duration value) {
        pollInterval = value;
        return this;
    }

    public RepositorySettingsBuilder missingChecksAfter(Duration value) {
        missingChecksAfter = value;
        return this;
    }

    public RepositorySettingsBuilder redGrace(Duration value) {
        redGrace = value;
        return this;
    }

    public RepositorySettingsBuilder brokenCheckGrace(Duration value) {
        brokenCheckGrace = value;
        return this;
    }

    public RepositorySettingsBuilder requiredChecks(List<RequiredCheck> value) {
        requiredChecks = value;
        return this;
    }

    public RepositorySettingsBuilder mergeWithoutChecks(boolean value) {
        mergeWithoutChecks = value;
        return this;
    }

    public RepositorySettingsBuilder waves(List<Wave> value) {
        waves = value;
        return this;
    }

    public RepositorySettingsBuilder trustedSigners(List<String> value) {
        trustedSigners = value;
        return this;
    }

    public RepositorySettingsBuilder signatures(SignaturePolicy value) {
        signatures = value;
        return this;
    }

    /**
     * Creates the settings. Without a state ref it is the default of the main branch.
     *
     * @throws IllegalArgumentException with a sentence naming the repository and the field
     */
    public RepositorySettings build() {
        return new RepositorySettings(
                name,
                url,
                mainBranch,
                autoBranch,
                stateRef.orElseGet(() -> RefNames.defaultState(mainBranch)),
                layout,
                imageSets,
                generatedPaths,
                generator,
                onlyWhenDigestsChange,
                announcementsReplace,
                replacedSets,
                committerName,
                committerEmail,
                messageTemplate,
                pollInterval,
                missingChecksAfter,
                redGrace,
                brokenCheckGrace,
                requiredChecks,
                mergeWithoutChecks,
                waves,
                trustedSigners,
                signatures);
    }
}
