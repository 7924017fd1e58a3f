package io.jenkins.plugins.gitops.configuration;

import hudson.Extension;
import hudson.Util;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.changes.CiSkipMarker;
import io.jenkins.plugins.gitops.configuration.base.CredentialTypes;
import io.jenkins.plugins.gitops.configuration.base.FieldRules;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.JobPatterns;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.configuration.base.VisibleItems;
import io.jenkins.plugins.gitops.delivery.RequestWithdrawal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The form of one config repository: the items of its lists, the checks of its fields, and its buttons. */
@Extension
@Restricted(NoExternalUse.class)
public final class RepositoryDescriptor extends Descriptor<RepositoryDefinition> {

    private static final int SECONDS_TO_WAIT = 60;

    /** Creates the descriptor of {@link RepositoryDefinition}. */
    public RepositoryDescriptor() {
        super(RepositoryDefinition.class);
    }

    @Override
    public String getDisplayName() {
        return Messages.RepositoryDefinition_DisplayName();
    }

    /** The waves that a new repository has in the form, as one without waves in YAML has. */
    public List<WaveDefinition> getDefaultWaves() { // jelly access only
        return RepositoryValidator.DEFAULT_WAVES.stream()
                .map(wave -> {
                    var definition = new WaveDefinition(wave.name());
                    definition.setPromotesFrom(
                            wave.promotesFrom().isEmpty()
                                    ? null
                                    : wave.promotesFrom().get(0));
                    return definition;
                })
                .toList();
    }

    /** Offers the layouts of image files. */
    @POST
    public ListBoxModel doFillLayoutItems() {
        return new ListBoxModel(
                new ListBoxModel.Option(
                        Messages.RepositoryDefinition_TagsAndDigests(), RepositoryDefinition.TAGS_AND_DIGESTS),
                new ListBoxModel.Option(Messages.RepositoryDefinition_Images(), RepositoryDefinition.IMAGES),
                new ListBoxModel.Option(Messages.RepositoryDefinition_Helm(), RepositoryDefinition.HELM),
                new ListBoxModel.Option(Messages.RepositoryDefinition_Kustomize(), RepositoryDefinition.KUSTOMIZE));
    }

    /** Offers what becomes of services that are not announced. */
    @POST
    public ListBoxModel doFillAnnouncementsItems() {
        return new ListBoxModel(
                new ListBoxModel.Option(Messages.RepositoryDefinition_Merge(), RepositoryDefinition.MERGE),
                new ListBoxModel.Option(Messages.RepositoryDefinition_Replace(), RepositoryDefinition.REPLACE));
    }

    /** Offers user names with passwords or keys to administrators, and to all other users only the present value. */
    @POST
    public ListBoxModel doFillCredentialsIdItems(
            @AncestorInPath Item item, @QueryParameter String credentialsId, @QueryParameter String url) {
        return FormAccess.credentialsItems(item, credentialsId, url, CredentialTypes.GIT);
    }

    /** Offers secret texts to administrators, and to all other users only the present value. */
    @POST
    public ListBoxModel doFillImagesSecretIdItems(@AncestorInPath Item item, @QueryParameter String imagesSecretId) {
        return FormAccess.credentialsItems(item, imagesSecretId, null, CredentialTypes.SECRET_TEXT);
    }

    /** Offers secret texts to administrators, and to all other users only the present value. */
    @POST
    public ListBoxModel doFillDeployedSecretIdItems(
            @AncestorInPath Item item, @QueryParameter String deployedSecretId) {
        return FormAccess.credentialsItems(item, deployedSecretId, null, CredentialTypes.SECRET_TEXT);
    }

    /** Offers secret texts to administrators, and to all other users only the present value. */
    @POST
    public ListBoxModel doFillForgeSecretIdItems(@AncestorInPath Item item, @QueryParameter String forgeSecretId) {
        return FormAccess.credentialsItems(item, forgeSecretId, null, CredentialTypes.SECRET_TEXT);
    }

    /** Offers secret texts to administrators, and to all other users only the present value. */
    @POST
    public ListBoxModel doFillReportersSecretIdItems(
            @AncestorInPath Item item, @QueryParameter String reportersSecretId) {
        return FormAccess.credentialsItems(item, reportersSecretId, null, CredentialTypes.SECRET_TEXT);
    }

    /** Offers secret texts to administrators, and to all other users only the present value. */
    @POST
    public ListBoxModel doFillVerifySecretIdItems(@AncestorInPath Item item, @QueryParameter String verifySecretId) {
        return FormAccess.credentialsItems(item, verifySecretId, null, CredentialTypes.SECRET_TEXT);
    }

    /** Checks that the stored credentials can be found. */
    @POST
    public FormValidation doCheckCredentialsId(@QueryParameter String value, @QueryParameter String url) {
        return FormAccess.checkCredentials(
                value, url, CredentialTypes.GIT, Messages::RepositoryDefinition_NoCredentials);
    }

    /** Warns if there is no such folder that the user can see. */
    @POST
    public FormValidation doCheckFolder(@QueryParameter String value) {
        String given = Util.fixEmptyAndTrim(value);
        return given == null
                        || !FormAccess.mayConfigure()
                        || VisibleItems.find(given, ItemGroup.class).isPresent()
                ? FormValidation.ok()
                : FormAccess.warning(Messages.RepositoryDefinition_NoFolder(given));
    }

    /** Checks that the stored secret can be found. */
    @POST
    public FormValidation doCheckImagesSecretId(@QueryParameter String value) {
        return checkSecret(value);
    }

    /** Checks that the stored secret can be found. */
    @POST
    public FormValidation doCheckDeployedSecretId(@QueryParameter String value) {
        return checkSecret(value);
    }

    /** Checks that the stored secret can be found. */
    @POST
    public FormValidation doCheckForgeSecretId(@QueryParameter String value) {
        return checkSecret(value);
    }

    /** Checks that the stored secret can be found. */
    @POST
    public FormValidation doCheckReportersSecretId(@QueryParameter String value) {
        return checkSecret(value);
    }

    /** Checks that the stored secret can be found. */
    @POST
    public FormValidation doCheckVerifySecretId(@QueryParameter String value) {
        return checkSecret(value);
    }

    private static FormValidation checkSecret(String value) {
        return FormAccess.checkCredentials(
                value, null, CredentialTypes.SECRET_TEXT, Messages::RepositoryDefinition_NoSecret);
    }

    /** Checks that the name can be used. */
    @POST
    public FormValidation doCheckName(@QueryParameter String value) {
        return FormAccess.checkRequired(value, FieldRules::name);
    }

    /** Checks that the address can be used. */
    @POST
    public FormValidation doCheckUrl(@QueryParameter String value, @QueryParameter boolean allowInsecure) {
        return FormAccess.checkRequired(value, given -> RepositoryUrls.problem(given, allowInsecure));
    }

    /** Checks that there can be such a branch. */
    @POST
    public FormValidation doCheckMainBranch(@QueryParameter String value) {
        return checkChange(repository -> repository.setMainBranch(value));
    }

    /** Checks that there can be such a branch beside the main branch. */
    @POST
    public FormValidation doCheckAutoBranch(@QueryParameter String value, @QueryParameter String mainBranch) {
        return checkChange(repository -> {
            repository.setMainBranch(mainBranch);
            repository.setAutoBranch(value);
        });
    }

    /** Checks that there can be such a ref beside the two branches. */
    @POST
    public FormValidation doCheckStateRef(
            @QueryParameter String value, @QueryParameter String mainBranch, @QueryParameter String autoBranch) {
        return checkChange(repository -> {
            repository.setMainBranch(mainBranch);
            repository.setAutoBranch(autoBranch);
            repository.setStateRef(value);
        });
    }

    /** Checks that these can be names of image sets, one a line. */
    @POST
    public FormValidation doCheckImageSets(@QueryParameter String value) {
        return checkChange(repository -> repository.setImageSets(List.of(Util.fixNull(value))));
    }

    /** Checks that these can be patterns of paths, one a line. */
    @POST
    public FormValidation doCheckGeneratedPaths(@QueryParameter String value) {
        return checkChange(repository -> repository.setGeneratedPaths(List.of(Util.fixNull(value))));
    }

    /** Checks that these can be public keys. */
    @POST
    public FormValidation doCheckTrustedSigners(@QueryParameter String value) {
        return checkChange(repository -> repository.setTrustedSigners(List.of(Util.fixNull(value))));
    }

    /** Checks that git takes this as the name of a committer. */
    @POST
    public FormValidation doCheckCommitterName(@QueryParameter String value) {
        return checkChange(repository -> repository.setCommitterName(value));
    }

    /** Checks that git takes this as the address of a committer. */
    @POST
    public FormValidation doCheckCommitterEmail(@QueryParameter String value) {
        return checkChange(repository -> repository.setCommitterEmail(value));
    }

    /** Checks that this can be the first line of commit messages. */
    @POST
    public FormValidation doCheckMessageTemplate(@QueryParameter String value) {
        FormValidation checked = checkChange(repository -> repository.setMessageTemplate(value));
        return checked.kind == FormValidation.Kind.OK
                ? CiSkipMarker.warning(Util.fixNull(value))
                        .map(FormAccess::warning)
                        .orElse(checked)
                : checked;
    }

    private static FormValidation checkChange(Consumer<RepositoryDefinition> change) {
        return FormAccess.check(() -> RepositoryValidator.problem(change));
    }

    /** Checks that this is a number that is not negative. */
    @POST
    public FormValidation doCheckMaxOrderStep(@QueryParameter String value) {
        return FormAccess.check(
                () -> Util.fixNull(value).isBlank() || value.strip().matches("\\d{1,9}")
                        ? Optional.empty()
                        : Optional.of("Give a whole number: by how much an order may grow at once, or 0 for any."));
    }

    /** Checks that this is a duration. */
    @POST
    public FormValidation doCheckPollInterval(@QueryParameter String value) {
        return FormAccess.checkField(() -> FieldRules.duration(value));
    }

    /** Checks that this is a duration. */
    @POST
    public FormValidation doCheckMissingChecksAfter(@QueryParameter String value) {
        return FormAccess.checkField(() -> FieldRules.duration(value));
    }

    /** Checks that this is a duration. */
    @POST
    public FormValidation doCheckBrokenCheckGrace(@QueryParameter String value) {
        return FormAccess.checkField(() -> FieldRules.duration(value));
    }

    /** Checks that this is a duration. */
    @POST
    public FormValidation doCheckRedGrace(@QueryParameter String value) {
        return FormAccess.checkField(() -> FieldRules.duration(value));
    }

    /** Checks that this can be the address of a commit. */
    @POST
    public FormValidation doCheckCommitUrl(@QueryParameter String value) {
        return FormAccess.checkField(() -> FieldRules.commitLink(Util.fixEmptyAndTrim(value)));
    }

    /** Checks that this can be the address of a commit of the application. */
    @POST
    public FormValidation doCheckAppCommitUrl(@QueryParameter String value) {
        return FormAccess.checkField(() -> FieldRules.commitLink(Util.fixEmptyAndTrim(value)));
    }

    /** Checks that this can be the address of a comparison of two commits of the application. */
    @POST
    public FormValidation doCheckAppCompareUrl(@QueryParameter String value) {
        return FormAccess.checkField(() -> FieldRules.compareLink(Util.fixEmptyAndTrim(value)));
    }

    /** Warns that changes will be merged without tests. */
    @POST
    public FormValidation doCheckMergeWithoutChecks(@QueryParameter boolean value) {
        return value && FormAccess.mayConfigure()
                ? FormValidation.warning(Messages.RepositoryDefinition_Unchecked())
                : FormValidation.ok();
    }

    /** Checks that each of the patterns, one a line, can cover a job, and that there is one unless all jobs may. */
    @POST
    public FormValidation doCheckAllowedJobs(@QueryParameter String value, @QueryParameter boolean allJobs) {
        FormValidation patterns = JobPatterns.check(value);
        return patterns.kind == FormValidation.Kind.OK
                ? checkChange(repository -> {
                    repository.setAllJobs(allJobs);
                    repository.setAllowedJobs(List.of(Util.fixNull(value)));
                })
                : patterns;
    }

    /** Warns that builds of every job write images into the repository. */
    @POST
    public FormValidation doCheckAllJobs(@QueryParameter boolean value) {
        return value && FormAccess.mayConfigure()
                ? FormValidation.warning(Messages.RepositoryDefinition_AllJobs())
                : FormValidation.ok();
    }

    /** Tests which refs can be read and pushed, for the button of the form. */
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
        given.setAllJobs(true);
        return new RepositoryConnectionTest(given).answer();
    }

    /** Accepts a rewritten main branch, for an administrator's button. Waits at most 60 seconds. */
    @POST
    public FormValidation doAcceptMain(@QueryParameter String name) throws InterruptedException {
        RepositoryPower.ACCEPT_MAIN.checkPermission();
        var withdrawal = new RequestWithdrawal();
        return answer(
                withdrawal,
                FormBackend.get().acceptMain(name, withdrawal),
                rewritten -> rewritten
                        ? Messages.RepositoryDefinition_Accepted()
                        : Messages.RepositoryDefinition_NotRewritten());
    }

    /** Repairs the state of the repository, for an administrator's button. Waits at most 60 seconds. */
    @POST
    public FormValidation doRepairState(@QueryParameter String name) throws InterruptedException {
        RepositoryPower.REPAIR_STATE.checkPermission();
        var withdrawal = new RequestWithdrawal();
        return answer(
                withdrawal,
                FormBackend.get().repairState(name, Jenkins.getAuthentication2().getName(), withdrawal),
                repaired -> repaired.isEmpty()
                        ? Messages.RepositoryDefinition_NothingToRepair()
                        : Messages.RepositoryDefinition_Repaired(String.join("; ", repaired)));
    }

    private static <T> FormValidation answer(
            RequestWithdrawal withdrawal, CompletableFuture<T> driver, Function<T, String> sentence)
            throws InterruptedException {
        try {
            return FormValidation.ok(sentence.apply(driver.get(SECONDS_TO_WAIT, TimeUnit.SECONDS)));
        } catch (ExecutionException e) {
            return FormValidation.error(e.getCause().getMessage());
        } catch (TimeoutException e) {
            return FormValidation.warning(
                    withdrawal.withdraw()
                            ? Messages.RepositoryDefinition_NotDone()
                            : Messages.RepositoryDefinition_UnderWay());
        }
    }
}
