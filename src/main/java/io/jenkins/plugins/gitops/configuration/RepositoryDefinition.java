package io.jenkins.plugins.gitops.configuration;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernameCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.images.ImageSetLayout;
import io.jenkins.plugins.gitops.waves.Wave;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * A config repository as configured. Setters take what is given; {@link #toSettings()} says what is wrong with it, so
 * that one sentence can name the repository and the field whatever order the values arrive in.
 */
@Restricted(NoExternalUse.class)
public final class RepositoryDefinition implements Describable<RepositoryDefinition> {

    static final String TAGS_AND_DIGESTS = "tagsAndDigests";
    static final String IMAGES = "images";

    @CheckForNull
    private final String name;

    @CheckForNull
    private final String url;

    private boolean allowInsecure;

    @CheckForNull
    private String credentialsId;

    private String mainBranch = "master";
    private String autoBranch = "auto";

    @CheckForNull
    private String stateRef;

    private String layout = TAGS_AND_DIGESTS;
    private List<String> imageSets = new ArrayList<>();
    private List<String> generatedPaths = new ArrayList<>();
    private boolean onlyWhenDigestsChange;
    private String committerName = "GitOps Waves";
    private String committerEmail = "gitops-waves@example.com";
    private String messageTemplate = "chore: update app to {shortSha}";

    @CheckForNull
    private String commitUrl;

    @CheckForNull
    private String appCommitUrl;

    private List<String> allowedJobs = new ArrayList<>();
    private String pollInterval = "60s";
    private String missingChecksAfter = "10m";
    private String redGrace = "60s";
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

    private List<WaveDefinition> waves = new ArrayList<>();

    /**
     * Names the repository and says where it is.
     *
     * @param name how Jenkinsfiles call it
     * @param url where it is cloned from and pushed to
     */
    @DataBoundConstructor
    public RepositoryDefinition(String name, String url) {
        this.name = Util.fixEmptyAndTrim(name);
        this.url = Util.fixEmptyAndTrim(url);
    }

    @CheckForNull
    public String getName() {
        return name;
    }

    @CheckForNull
    public String getUrl() {
        return url;
    }

    public boolean isAllowInsecure() {
        return allowInsecure;
    }

    @DataBoundSetter
    public void setAllowInsecure(boolean allowInsecure) {
        this.allowInsecure = allowInsecure;
    }

    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    public String getMainBranch() {
        return mainBranch;
    }

    @DataBoundSetter
    public void setMainBranch(@CheckForNull String mainBranch) {
        this.mainBranch = given(mainBranch, "master");
    }

    public String getAutoBranch() {
        return autoBranch;
    }

    @DataBoundSetter
    public void setAutoBranch(@CheckForNull String autoBranch) {
        this.autoBranch = given(autoBranch, "auto");
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
        this.layout = given(layout, TAGS_AND_DIGESTS);
    }

    public List<String> getImageSets() {
        // What was saved by a version that did not know them has none.
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
        // As of the image sets.
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

    public boolean isOnlyWhenDigestsChange() {
        return onlyWhenDigestsChange;
    }

    @DataBoundSetter
    public void setOnlyWhenDigestsChange(boolean onlyWhenDigestsChange) {
        this.onlyWhenDigestsChange = onlyWhenDigestsChange;
    }

    public String getCommitterName() {
        return committerName;
    }

    @DataBoundSetter
    public void setCommitterName(@CheckForNull String committerName) {
        this.committerName = given(committerName, "GitOps Waves");
    }

    public String getCommitterEmail() {
        return committerEmail;
    }

    @DataBoundSetter
    public void setCommitterEmail(@CheckForNull String committerEmail) {
        this.committerEmail = given(committerEmail, "gitops-waves@example.com");
    }

    public String getMessageTemplate() {
        return messageTemplate;
    }

    @DataBoundSetter
    public void setMessageTemplate(@CheckForNull String messageTemplate) {
        this.messageTemplate = given(messageTemplate, "chore: update app to {shortSha}");
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

    public String getPollInterval() {
        return pollInterval;
    }

    @DataBoundSetter
    public void setPollInterval(@CheckForNull String pollInterval) {
        this.pollInterval = given(pollInterval, "60s");
    }

    public String getMissingChecksAfter() {
        return missingChecksAfter;
    }

    @DataBoundSetter
    public void setMissingChecksAfter(@CheckForNull String missingChecksAfter) {
        this.missingChecksAfter = given(missingChecksAfter, "10m");
    }

    public String getRedGrace() {
        return redGrace;
    }

    @DataBoundSetter
    public void setRedGrace(@CheckForNull String redGrace) {
        this.redGrace = given(redGrace, "60s");
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

    public List<WaveDefinition> getWaves() {
        return Collections.unmodifiableList(waves);
    }

    @DataBoundSetter
    public void setWaves(@CheckForNull List<WaveDefinition> waves) {
        this.waves = new ArrayList<>(Util.fixNull(waves));
    }

    private static String given(@CheckForNull String value, String otherwise) {
        String trimmed = Util.fixEmptyAndTrim(value);
        return trimmed == null ? otherwise : trimmed;
    }

    /** Whether builds of the job may use this repository. */
    public boolean allows(String jobFullName) {
        return allowedJobs.isEmpty() || JobPatterns.anyMatches(allowedJobs, jobFullName);
    }

    /** Whether builds of the job may write into the wave. */
    public boolean allows(String jobFullName, String wave) {
        return waves.stream()
                .filter(definition -> wave.equals(definition.getName()))
                .map(WaveDefinition::getAllowedJobs)
                .allMatch(patterns -> patterns.isEmpty() || JobPatterns.anyMatches(patterns, jobFullName));
    }

    /** What only administrators may have it reach. */
    Stream<PrivilegedSetting> reach() {
        return Stream.of(
                        PrivilegedSetting.of("repository", url, credentialsId, allowInsecure),
                        PrivilegedSetting.secret("images", imagesSecretId),
                        PrivilegedSetting.secret("deployed", deployedSecretId),
                        PrivilegedSetting.secret("forge", forgeSecretId),
                        PrivilegedSetting.secret("reporters", reportersSecretId),
                        checks.stream().flatMap(CheckSource::reach))
                .flatMap(each -> each);
    }

    /**
     * The waves below those that they promote from, each as deep as it is far from the first, for the form. Empty where
     * they cannot be laid out so.
     */
    public List<Step> getTree() { // jelly access only
        List<Step> tree = new ArrayList<>();
        List<Wave> all;
        try {
            all = toSettings().waves();
        } catch (IllegalArgumentException e) {
            return List.of();
        }
        lay(null, 0, all, tree);
        return tree;
    }

    private static void lay(@CheckForNull String from, int depth, List<Wave> all, List<Step> tree) {
        for (Wave wave : all) {
            if (Objects.equals(wave.promotesFrom(), from)) {
                tree.add(new Step(wave.name(), depth));
                lay(wave.name(), depth + 1, all, tree);
            }
        }
    }

    /**
     * A wave in the tree.
     *
     * @param depth how many waves are before it
     */
    public record Step(String name, int depth) {

        /** What shows the depth. */
        public String getIndent() { // jelly access only
            return "\u00a0".repeat(4 * Math.max(0, depth - 1)) + (depth == 0 ? "" : "\u2514\u2192\u00a0");
        }

        public String getName() { // jelly access only
            return name;
        }
    }

    /** A sentence for each of the stored credentials that it names and that are not there. */
    Stream<String> missingCredentials() {
        return Stream.concat(
                Stream.of(
                                missing("credentialsId", credentialsId, url, DescriptorImpl.LOGINS),
                                missing("imagesSecretId", imagesSecretId, null, DescriptorImpl.SECRETS),
                                missing("deployedSecretId", deployedSecretId, null, DescriptorImpl.SECRETS),
                                missing("forgeSecretId", forgeSecretId, null, DescriptorImpl.SECRETS),
                                missing("reportersSecretId", reportersSecretId, null, DescriptorImpl.SECRETS))
                        .flatMap(each -> each),
                checks.stream()
                        .flatMap(CheckSource::missingCredentials)
                        .map(field -> Messages.GitOpsWaves_NoCredentials("repository " + name, field)));
    }

    private Stream<String> missing(
            String field,
            @CheckForNull String id,
            @CheckForNull String where,
            List<Class<? extends StandardCredentials>> types) {
        return id == null || FormAccess.isThere(id, where, types)
                ? Stream.empty()
                : Stream.of(Messages.GitOpsWaves_NoCredentials("repository " + name, field + " \"" + id + "\""));
    }

    /** The sources whose webhooks should tell of changes: forges, once there is a secret for them. */
    public List<String> hookSources() {
        return forgeSecretId == null
                ? List.of()
                : checks.stream()
                        .filter(ForgeCheckSource.class::isInstance)
                        .map(CheckSource::name)
                        .toList();
    }

    /** Equal as long as nothing about where verdicts come from is configured differently. */
    public List<Object> sourcesAsConfigured() {
        return checks.stream().map(CheckSource::asConfigured).toList();
    }

    /**
     * The repository as the engine knows it.
     *
     * @throws IllegalArgumentException with a sentence that names the repository, the field, and what to do
     */
    public RepositorySettings toSettings() {
        return new RepositoryValidator(this).settings();
    }

    /** The form of one config repository. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<RepositoryDefinition> {

        private static final int SECONDS_TO_ACCEPT = 60;

        private static final List<Class<? extends StandardCredentials>> LOGINS =
                List.of(StandardUsernameCredentials.class);

        private static final List<Class<? extends StandardCredentials>> SECRETS = List.of(StringCredentials.class);

        @Override
        public String getDisplayName() {
            return Messages.ConfigRepository_DisplayName();
        }

        /** Offers the layouts of image files. */
        @POST
        public ListBoxModel doFillLayoutItems() {
            return new ListBoxModel(
                    new ListBoxModel.Option(Messages.ConfigRepository_TagsAndDigests(), TAGS_AND_DIGESTS),
                    new ListBoxModel.Option(Messages.ConfigRepository_Images(), IMAGES));
        }

        /** Offers user names with passwords or keys to administrators, and to everyone else only what is set already. */
        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item item, @QueryParameter String credentialsId, @QueryParameter String url) {
            return FormAccess.credentials(item, credentialsId, url, LOGINS);
        }

        /** Offers secret texts to administrators, and to everyone else only what is set already. */
        @POST
        public ListBoxModel doFillImagesSecretIdItems(
                @AncestorInPath Item item, @QueryParameter String imagesSecretId) {
            return FormAccess.credentials(item, imagesSecretId, null, SECRETS);
        }

        /** Offers secret texts to administrators, and to everyone else only what is set already. */
        @POST
        public ListBoxModel doFillDeployedSecretIdItems(
                @AncestorInPath Item item, @QueryParameter String deployedSecretId) {
            return FormAccess.credentials(item, deployedSecretId, null, SECRETS);
        }

        /** Offers secret texts to administrators, and to everyone else only what is set already. */
        @POST
        public ListBoxModel doFillForgeSecretIdItems(@AncestorInPath Item item, @QueryParameter String forgeSecretId) {
            return FormAccess.credentials(item, forgeSecretId, null, SECRETS);
        }

        /** Offers secret texts to administrators, and to everyone else only what is set already. */
        @POST
        public ListBoxModel doFillReportersSecretIdItems(
                @AncestorInPath Item item, @QueryParameter String reportersSecretId) {
            return FormAccess.credentials(item, reportersSecretId, null, SECRETS);
        }

        /** Says in the form whether the stored credentials can be found. */
        @POST
        public FormValidation doCheckCredentialsId(@QueryParameter String value, @QueryParameter String url) {
            return FormAccess.found(value, url, LOGINS, Messages::ConfigRepository_NoCredentials);
        }

        /** Says in the form whether the stored secret can be found. */
        @POST
        public FormValidation doCheckImagesSecretId(@QueryParameter String value) {
            return FormAccess.found(value, null, SECRETS, Messages::ConfigRepository_NoSecret);
        }

        /** Says in the form whether the stored secret can be found. */
        @POST
        public FormValidation doCheckDeployedSecretId(@QueryParameter String value) {
            return FormAccess.found(value, null, SECRETS, Messages::ConfigRepository_NoSecret);
        }

        /** Says in the form whether the stored secret can be found. */
        @POST
        public FormValidation doCheckForgeSecretId(@QueryParameter String value) {
            return FormAccess.found(value, null, SECRETS, Messages::ConfigRepository_NoSecret);
        }

        /** Says in the form whether the stored secret can be found. */
        @POST
        public FormValidation doCheckReportersSecretId(@QueryParameter String value) {
            return FormAccess.found(value, null, SECRETS, Messages::ConfigRepository_NoSecret);
        }

        /** Says in the form whether the name can be used. */
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FormAccess.field(() -> RepositoryValidator.nameProblem(Util.fixEmptyAndTrim(value)));
        }

        /** Says in the form whether the address can be used. */
        @POST
        public FormValidation doCheckUrl(@QueryParameter String value, @QueryParameter boolean allowInsecure) {
            return FormAccess.field(() -> RepositoryUrls.problem(Util.fixEmptyAndTrim(value), allowInsecure));
        }

        /** Says in the form whether there can be such a branch. */
        @POST
        public FormValidation doCheckMainBranch(@QueryParameter String value) {
            return asSaved(repository -> repository.setMainBranch(value));
        }

        /** Says in the form whether there can be such a branch, beside the main branch. */
        @POST
        public FormValidation doCheckAutoBranch(@QueryParameter String value, @QueryParameter String mainBranch) {
            return asSaved(repository -> {
                repository.setMainBranch(mainBranch);
                repository.setAutoBranch(value);
            });
        }

        /** Says in the form whether there can be such a ref, beside the two branches. */
        @POST
        public FormValidation doCheckStateRef(
                @QueryParameter String value, @QueryParameter String mainBranch, @QueryParameter String autoBranch) {
            return asSaved(repository -> {
                repository.setMainBranch(mainBranch);
                repository.setAutoBranch(autoBranch);
                repository.setStateRef(value);
            });
        }

        /** Says in the form whether these can be names of sets. */
        @POST
        public FormValidation doCheckImageSets(@QueryParameter String value) {
            return asSaved(repository -> repository.setImageSets(List.of(Util.fixNull(value))));
        }

        /** Says in the form whether these can be patterns of paths. */
        @POST
        public FormValidation doCheckGeneratedPaths(@QueryParameter String value) {
            return asSaved(repository -> repository.setGeneratedPaths(List.of(Util.fixNull(value))));
        }

        /** Says in the form whether commits can be made in this name. */
        @POST
        public FormValidation doCheckCommitterName(@QueryParameter String value) {
            return asSaved(repository -> repository.setCommitterName(value));
        }

        /** Says in the form whether commits can be made with this address. */
        @POST
        public FormValidation doCheckCommitterEmail(@QueryParameter String value) {
            return asSaved(repository -> repository.setCommitterEmail(value));
        }

        /** Says in the form whether this can be the first line of commits. */
        @POST
        public FormValidation doCheckMessageTemplate(@QueryParameter String value) {
            return asSaved(repository -> repository.setMessageTemplate(value));
        }

        private static FormValidation asSaved(Consumer<RepositoryDefinition> change) {
            return FormAccess.validated(() -> RepositoryValidator.problem(change));
        }

        /** Says in the form whether this is a duration. */
        @POST
        public FormValidation doCheckPollInterval(@QueryParameter String value) {
            return FormAccess.field(() -> RepositoryValidator.durationProblem(value));
        }

        /** Says in the form whether this is a duration. */
        @POST
        public FormValidation doCheckMissingChecksAfter(@QueryParameter String value) {
            return FormAccess.field(() -> RepositoryValidator.durationProblem(value));
        }

        /** Says in the form whether this is a duration. */
        @POST
        public FormValidation doCheckRedGrace(@QueryParameter String value) {
            return FormAccess.field(() -> RepositoryValidator.durationProblem(value));
        }

        /** Says in the form whether commits can be linked this way. */
        @POST
        public FormValidation doCheckCommitUrl(@QueryParameter String value) {
            return FormAccess.field(() -> RepositoryValidator.linkProblem(Util.fixEmptyAndTrim(value)));
        }

        /** Says in the form whether commits of the application can be linked this way. */
        @POST
        public FormValidation doCheckAppCommitUrl(@QueryParameter String value) {
            return FormAccess.field(() -> RepositoryValidator.linkProblem(Util.fixEmptyAndTrim(value)));
        }

        /** Says in the form what it means to merge what nobody has tested. */
        @POST
        public FormValidation doCheckMergeWithoutChecks(@QueryParameter boolean value) {
            return value && FormAccess.mayConfigure()
                    ? FormValidation.warning(Messages.ConfigRepository_Unchecked())
                    : FormValidation.ok();
        }

        /** Says in the form which jobs a pattern covers now. */
        @POST
        public FormValidation doCheckAllowedJobs(@QueryParameter String value) {
            return JobPatterns.check(value);
        }

        /** Reads the repository and sees what may be pushed, for the button of the form. */
        @POST
        public FormValidation doTestConnection(
                @QueryParameter String name,
                @QueryParameter String url,
                @QueryParameter boolean allowInsecure,
                @QueryParameter String credentialsId,
                @QueryParameter String mainBranch,
                @QueryParameter String autoBranch,
                @QueryParameter String stateRef)
                throws InterruptedException {
            var given = new RepositoryDefinition(Util.fixEmptyAndTrim(name) == null ? "this" : name, url);
            given.setAllowInsecure(allowInsecure);
            given.setCredentialsId(credentialsId);
            given.setMainBranch(mainBranch);
            given.setAutoBranch(autoBranch);
            given.setStateRef(stateRef);
            given.setMergeWithoutChecks(true);
            return new RepositoryConnectionTest(given).answer();
        }

        /** Accepts a rewritten main branch, for the button of the form. */
        @POST
        public FormValidation doAcceptMain(@QueryParameter String name) throws InterruptedException {
            FormAccess.checkConfigure();
            try {
                boolean rewritten = FormBackend.get().acceptMain(name).get(SECONDS_TO_ACCEPT, TimeUnit.SECONDS);
                return FormValidation.ok(
                        rewritten ? Messages.ConfigRepository_Accepted() : Messages.ConfigRepository_NotRewritten());
            } catch (ExecutionException e) {
                return FormValidation.error(e.getCause().getMessage());
            } catch (TimeoutException e) {
                return FormValidation.warning(Messages.ConfigRepository_NotYetAccepted());
            }
        }
    }

    /** The engine's name of the layout, or a sentence. */
    static ImageSetLayout.Layout layout(String layout) {
        return switch (layout) {
            case TAGS_AND_DIGESTS -> ImageSetLayout.Layout.TAGS_AND_DIGESTS;
            case IMAGES -> ImageSetLayout.Layout.IMAGES;
            default ->
                throw new IllegalArgumentException(
                        "\"" + layout + "\" is not known; use " + TAGS_AND_DIGESTS + " or " + IMAGES + ".");
        };
    }
}
