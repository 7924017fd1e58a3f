package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Describable;
import io.jenkins.plugins.gitops.changes.CommitSubject;
import io.jenkins.plugins.gitops.configuration.base.FieldRules;
import io.jenkins.plugins.gitops.configuration.base.JobPatterns;
import io.jenkins.plugins.gitops.configuration.base.KeyTexts;
import io.jenkins.plugins.gitops.configuration.base.NamedSystemDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.configuration.checks.AppRepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.checks.CheckSource;
import io.jenkins.plugins.gitops.configuration.checks.RequiredCheckDefinition;
import io.jenkins.plugins.gitops.configuration.repository.NotificationDefinition;
import io.jenkins.plugins.gitops.configuration.repository.SignaturesDefinition;
import io.jenkins.plugins.gitops.configuration.repository.SigningDefinition;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * A config repository, as configured. Setters take any value; {@link #toSettings()} validates all of them together, so
 * that an error can name the repository and the field in whatever order the values were set.
 */
@Restricted(NoExternalUse.class)
public final class RepositoryDefinition extends NamedSystemDefinition implements Describable<RepositoryDefinition> {

    static final String TAGS_AND_DIGESTS = "tagsAndDigests";
    static final String IMAGES = "images";
    static final String HELM = "helm";
    static final String KUSTOMIZE = "kustomize";
    static final String MERGE = "merge";
    static final String REPLACE = "replace";
    static final int DEFAULT_MAX_ORDER_STEP = 1000;

    private String mainBranch = "master";
    private String autoBranch = "auto";

    @CheckForNull
    private String stateRef;

    private String layout = TAGS_AND_DIGESTS;
    private List<String> imageSets = new ArrayList<>();
    private List<String> generatedPaths = new ArrayList<>();

    @CheckForNull
    private GeneratorDefinition generator;

    private boolean onlyWhenDigestsChange;
    /** Null for the usual value, which what was saved before there was a choice does not have. */
    @CheckForNull
    private String announcements;

    /** Null where it was never set, as in settings of before there was this field. */
    @CheckForNull
    private List<String> replacedSets;

    private String committerName = "GitOps Waves";
    private String committerEmail = "gitops-waves@example.com";
    private String messageTemplate = CommitSubject.DEFAULT_TEMPLATE;

    @CheckForNull
    private String commitUrl;

    @CheckForNull
    private String appCommitUrl;

    @CheckForNull
    private String appCompareUrl;

    @CheckForNull
    private AppRepositoryDefinition appRepository;

    private List<String> allowedJobs = new ArrayList<>();
    private boolean allJobs;

    @CheckForNull
    private String folder;

    private String pollInterval = "60s";
    private String missingChecksAfter = "10m";
    private String redGrace = "60s";

    @CheckForNull
    private String brokenCheckGrace;

    private List<CheckSource> checks = new ArrayList<>();
    private List<RequiredCheckDefinition> requiredChecks = new ArrayList<>();
    private boolean mergeWithoutChecks;

    @CheckForNull
    private String imagesSecretId;

    @CheckForNull
    private String deployedSecretId;

    @CheckForNull
    private String forgeSecretId;

    @CheckForNull
    private String reportersSecretId;

    @CheckForNull
    private String verifySecretId;

    private boolean allowBodySignatures;

    /** Null in a file that was saved before there was such a limit. */
    @CheckForNull
    private Integer maxOrderStep;

    private List<WaveDefinition> waves = new ArrayList<>();

    @CheckForNull
    private SigningDefinition signing;

    @CheckForNull
    private SignaturesDefinition signatures;

    /** Null in a file that was saved before there were notifications. */
    @CheckForNull
    private List<NotificationDefinition> notifications;

    /** Null in a file that was saved before there were trusted signers. */
    @CheckForNull
    private List<String> trustedSigners;

    /**
     * Creates a definition with defaults for everything else.
     *
     * @param name by which Jenkinsfiles refer to the repository
     * @param url from which it is cloned and to which it is pushed
     */
    @DataBoundConstructor
    public RepositoryDefinition(String name, String url) {
        super(name, url);
    }

    public String getMainBranch() {
        return mainBranch;
    }

    @DataBoundSetter
    public void setMainBranch(@CheckForNull String mainBranch) {
        this.mainBranch = FieldRules.orDefault(mainBranch, "master");
    }

    public String getAutoBranch() {
        return autoBranch;
    }

    @DataBoundSetter
    public void setAutoBranch(@CheckForNull String autoBranch) {
        this.autoBranch = FieldRules.orDefault(autoBranch, "auto");
    }

    @CheckForNull
    public String getStateRef() {
        return stateRef;
    }

    @DataBoundSetter
    public void setStateRef(@CheckForNull String stateRef) {
        this.stateRef = Util.fixEmptyAndTrim(stateRef);
    }

    public String getLayout() {
        return layout;
    }

    @DataBoundSetter
    public void setLayout(@CheckForNull String layout) {
        this.layout = FieldRules.orDefault(layout, TAGS_AND_DIGESTS);
    }

    public List<String> getImageSets() {
        // Null in a file that was saved before there were image sets.
        return Collections.unmodifiableList(Util.fixNull(imageSets));
    }

    @DataBoundSetter
    public void setImageSets(@CheckForNull List<String> imageSets) {
        this.imageSets = JobPatterns.lines(imageSets);
    }

    /** One name a line, for the form. */
    public String getImageSetsAsText() { // jelly access only
        return String.join("\n", getImageSets());
    }

    public List<String> getGeneratedPaths() {
        // Null in a file that was saved before there were generated paths.
        return Collections.unmodifiableList(Util.fixNull(generatedPaths));
    }

    @DataBoundSetter
    public void setGeneratedPaths(@CheckForNull List<String> generatedPaths) {
        this.generatedPaths = JobPatterns.lines(generatedPaths);
    }

    /** One pattern a line, for the form. */
    public String getGeneratedPathsAsText() { // jelly access only
        return String.join("\n", getGeneratedPaths());
    }

    /** The generator; null where the bodies of steps make the generated files. */
    @CheckForNull
    public GeneratorDefinition getGenerator() {
        return generator;
    }

    @DataBoundSetter
    public void setGenerator(@CheckForNull GeneratorDefinition generator) {
        this.generator = generator;
    }

    public boolean isOnlyWhenDigestsChange() {
        return onlyWhenDigestsChange;
    }

    @DataBoundSetter
    public void setOnlyWhenDigestsChange(boolean onlyWhenDigestsChange) {
        this.onlyWhenDigestsChange = onlyWhenDigestsChange;
    }

    public String getAnnouncements() {
        // Null in a file that was saved before there was a choice.
        return FieldRules.orDefault(announcements, MERGE);
    }

    @DataBoundSetter
    public void setAnnouncements(@CheckForNull String announcements) {
        String given = FieldRules.orDefault(announcements, MERGE);
        this.announcements = given.equals(MERGE) ? null : given;
    }

    public List<String> getReplacedSets() {
        // Null in a file that was saved before there were any.
        return Collections.unmodifiableList(Util.fixNull(replacedSets));
    }

    @DataBoundSetter
    public void setReplacedSets(@CheckForNull List<String> replacedSets) {
        this.replacedSets = JobPatterns.lines(replacedSets);
    }

    /** One name a line, for the form. */
    public String getReplacedSetsAsText() { // jelly access only
        return String.join("\n", getReplacedSets());
    }

    public String getCommitterName() {
        return committerName;
    }

    @DataBoundSetter
    public void setCommitterName(@CheckForNull String committerName) {
        this.committerName = FieldRules.orDefault(committerName, "GitOps Waves");
    }

    public String getCommitterEmail() {
        return committerEmail;
    }

    @DataBoundSetter
    public void setCommitterEmail(@CheckForNull String committerEmail) {
        this.committerEmail = FieldRules.orDefault(committerEmail, "gitops-waves@example.com");
    }

    public String getMessageTemplate() {
        return messageTemplate;
    }

    @DataBoundSetter
    public void setMessageTemplate(@CheckForNull String messageTemplate) {
        this.messageTemplate = FieldRules.orDefault(messageTemplate, CommitSubject.DEFAULT_TEMPLATE);
    }

    @CheckForNull
    public String getCommitUrl() {
        return commitUrl;
    }

    @DataBoundSetter
    public void setCommitUrl(@CheckForNull String commitUrl) {
        this.commitUrl = Util.fixEmptyAndTrim(commitUrl);
    }

    @CheckForNull
    public String getAppCommitUrl() {
        return appCommitUrl;
    }

    @DataBoundSetter
    public void setAppCommitUrl(@CheckForNull String appCommitUrl) {
        this.appCommitUrl = Util.fixEmptyAndTrim(appCommitUrl);
    }

    @CheckForNull
    public String getAppCompareUrl() {
        return appCompareUrl;
    }

    @DataBoundSetter
    public void setAppCompareUrl(@CheckForNull String appCompareUrl) {
        this.appCompareUrl = Util.fixEmptyAndTrim(appCompareUrl);
    }

    /** The application's repository at a forge, whose commits between two releases are shown; null if they are not. */
    @CheckForNull
    public AppRepositoryDefinition getAppRepository() {
        return appRepository;
    }

    @DataBoundSetter
    public void setAppRepository(@CheckForNull AppRepositoryDefinition appRepository) {
        this.appRepository = appRepository;
    }

    public List<String> getAllowedJobs() {
        return Collections.unmodifiableList(allowedJobs);
    }

    @DataBoundSetter
    public void setAllowedJobs(@CheckForNull List<String> allowedJobs) {
        this.allowedJobs = JobPatterns.lines(allowedJobs);
    }

    /** One pattern a line, for the form. */
    public String getAllowedJobsAsText() { // jelly access only
        return String.join("\n", allowedJobs);
    }

    /** Whether every job may use the repository where {@code allowedJobs} names none. */
    public boolean isAllJobs() {
        return allJobs;
    }

    @DataBoundSetter
    public void setAllJobs(boolean allJobs) {
        this.allJobs = allJobs;
    }

    /**
     * The full name of the folder whose permissions count for the pages of the repository, beside those of Jenkins; null
     * for none.
     */
    @CheckForNull
    public String getFolder() {
        return folder;
    }

    @DataBoundSetter
    public void setFolder(@CheckForNull String folder) {
        this.folder = Util.fixEmptyAndTrim(folder);
    }

    /** Whether the present user may take an action on the pages of the repository. */
    public boolean permits(RepositoryPower power) {
        return power.isPermitted(folder);
    }

    public String getPollInterval() {
        return pollInterval;
    }

    @DataBoundSetter
    public void setPollInterval(@CheckForNull String pollInterval) {
        this.pollInterval = FieldRules.orDefault(pollInterval, "60s");
    }

    public String getMissingChecksAfter() {
        return missingChecksAfter;
    }

    @DataBoundSetter
    public void setMissingChecksAfter(@CheckForNull String missingChecksAfter) {
        this.missingChecksAfter = FieldRules.orDefault(missingChecksAfter, "10m");
    }

    /** Files of the first version do not have it. */
    public String getBrokenCheckGrace() {
        return FieldRules.orDefault(brokenCheckGrace, "30m");
    }

    @DataBoundSetter
    public void setBrokenCheckGrace(@CheckForNull String brokenCheckGrace) {
        this.brokenCheckGrace = Util.fixEmptyAndTrim(brokenCheckGrace);
    }

    public String getRedGrace() {
        return redGrace;
    }

    @DataBoundSetter
    public void setRedGrace(@CheckForNull String redGrace) {
        this.redGrace = FieldRules.orDefault(redGrace, "60s");
    }

    public List<CheckSource> getChecks() {
        return Collections.unmodifiableList(checks);
    }

    @DataBoundSetter
    public void setChecks(@CheckForNull List<CheckSource> checks) {
        this.checks = new ArrayList<>(Util.fixNull(checks));
    }

    public List<RequiredCheckDefinition> getRequiredChecks() {
        return Collections.unmodifiableList(requiredChecks);
    }

    @DataBoundSetter
    public void setRequiredChecks(@CheckForNull List<RequiredCheckDefinition> requiredChecks) {
        this.requiredChecks = new ArrayList<>(Util.fixNull(requiredChecks));
    }

    public boolean isMergeWithoutChecks() {
        return mergeWithoutChecks;
    }

    @DataBoundSetter
    public void setMergeWithoutChecks(boolean mergeWithoutChecks) {
        this.mergeWithoutChecks = mergeWithoutChecks;
    }

    @CheckForNull
    public String getImagesSecretId() {
        return imagesSecretId;
    }

    @DataBoundSetter
    public void setImagesSecretId(@CheckForNull String imagesSecretId) {
        this.imagesSecretId = Util.fixEmptyAndTrim(imagesSecretId);
    }

    @CheckForNull
    public String getDeployedSecretId() {
        return deployedSecretId;
    }

    @DataBoundSetter
    public void setDeployedSecretId(@CheckForNull String deployedSecretId) {
        this.deployedSecretId = Util.fixEmptyAndTrim(deployedSecretId);
    }

    @CheckForNull
    public String getForgeSecretId() {
        return forgeSecretId;
    }

    @DataBoundSetter
    public void setForgeSecretId(@CheckForNull String forgeSecretId) {
        this.forgeSecretId = Util.fixEmptyAndTrim(forgeSecretId);
    }

    @CheckForNull
    public String getReportersSecretId() {
        return reportersSecretId;
    }

    @DataBoundSetter
    public void setReportersSecretId(@CheckForNull String reportersSecretId) {
        this.reportersSecretId = Util.fixEmptyAndTrim(reportersSecretId);
    }

    @CheckForNull
    public String getVerifySecretId() {
        return verifySecretId;
    }

    @DataBoundSetter
    public void setVerifySecretId(@CheckForNull String verifySecretId) {
        this.verifySecretId = Util.fixEmptyAndTrim(verifySecretId);
    }

    /** Whether announcements without a query may be signed over their body alone, so that they can be replayed. */
    public boolean isAllowBodySignatures() {
        return allowBodySignatures;
    }

    @DataBoundSetter
    public void setAllowBodySignatures(boolean allowBodySignatures) {
        this.allowBodySignatures = allowBodySignatures;
    }

    /** By how much the order of an announcement may exceed that of the one before; 0 for any. */
    public int getMaxOrderStep() {
        return maxOrderStep == null ? DEFAULT_MAX_ORDER_STEP : maxOrderStep;
    }

    @DataBoundSetter
    public void setMaxOrderStep(int maxOrderStep) {
        this.maxOrderStep = maxOrderStep;
    }

    public List<WaveDefinition> getWaves() {
        return Collections.unmodifiableList(waves);
    }

    @DataBoundSetter
    public void setWaves(@CheckForNull List<WaveDefinition> waves) {
        this.waves = new ArrayList<>(Util.fixNull(waves));
    }

    /** The key with which the commits of this plugin are signed; null if they are not. */
    @CheckForNull
    public SigningDefinition getSigning() {
        return signing;
    }

    @DataBoundSetter
    public void setSigning(@CheckForNull SigningDefinition signing) {
        this.signing = signing;
    }

    /** The waves that take signed images only; null if none does. */
    @CheckForNull
    public SignaturesDefinition getSignatures() {
        return signatures;
    }

    @DataBoundSetter
    public void setSignatures(@CheckForNull SignaturesDefinition signatures) {
        this.signatures = signatures;
    }

    /** The receivers of webhooks. */
    public List<NotificationDefinition> getNotifications() {
        return Collections.unmodifiableList(Util.fixNull(notifications));
    }

    @DataBoundSetter
    public void setNotifications(@CheckForNull List<NotificationDefinition> notifications) {
        this.notifications = new ArrayList<>(Util.fixNull(notifications));
    }

    /** The public keys of those whose commits on the auto branch and the state ref count; empty for everybody. */
    public List<String> getTrustedSigners() {
        return Collections.unmodifiableList(Util.fixNull(trustedSigners));
    }

    @DataBoundSetter
    public void setTrustedSigners(@CheckForNull List<String> trustedSigners) {
        this.trustedSigners = KeyTexts.split(trustedSigners);
    }

    /** The keys one below the other, for the form. */
    public String getTrustedSignersAsText() { // jelly access only
        return String.join("\n", getTrustedSigners());
    }

    /** The tree of waves for the form. */
    public List<WaveTreeRow> getTree() { // jelly access only
        return WaveTreeRow.of(this);
    }

    /** The stored credentials that the repository uses. */
    public RepositoryCredentials credentials() {
        return new RepositoryCredentials(this);
    }

    /** Is equal for two definitions if their check sources are configured alike. */
    public List<Object> checkSourceKeys() {
        return checks.stream().map(CheckSource::configurationKey).toList();
    }

    /**
     * Converts the definition to the settings of a driver.
     *
     * @throws IllegalArgumentException with a sentence that names the repository, the field, and what to do
     */
    public RepositorySettings toSettings() {
        return new RepositoryValidator(this).settings();
    }
}
