package io.jenkins.plugins.gitops.configuration.checks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.ci.forges.ForgeSettings;
import io.jenkins.plugins.gitops.configuration.base.ConnectionTest;
import io.jenkins.plugins.gitops.configuration.base.CredentialTypes;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.PrivilegedSetting;
import io.jenkins.plugins.gitops.configuration.base.RemoteSystemDefinition;
import java.util.List;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The repository of the application at a forge, whose commits between two releases are shown, as configured. */
@Restricted(NoExternalUse.class)
public final class AppRepositoryDefinition extends RemoteSystemDefinition
        implements Describable<AppRepositoryDefinition> {

    private static final String GITHUB = ForgeSettings.ForgeKind.GITHUB.source();
    private static final String GITLAB = ForgeSettings.ForgeKind.GITLAB.source();
    private static final String GITEA = ForgeSettings.ForgeKind.GITEA.source();
    private static final String BITBUCKET = ForgeSettings.ForgeKind.BITBUCKET_CLOUD.source();
    private static final List<String> FORGES = List.of(GITHUB, GITLAB, GITEA, BITBUCKET);

    private final String forge;

    @CheckForNull
    private final String repository;

    @CheckForNull
    private String url;

    /**
     * Creates a definition.
     *
     * @param forge the kind of forge: github, gitlab, gitea or bitbucket
     * @param repository the repository with its owner or groups, as the forge names it
     */
    @DataBoundConstructor
    public AppRepositoryDefinition(String forge, String repository) {
        this.forge = Util.fixNull(forge).strip();
        this.repository = Util.fixEmptyAndTrim(repository);
    }

    public String getForge() {
        return forge;
    }

    @CheckForNull
    public String getRepository() {
        return repository;
    }

    @CheckForNull
    public String getUrl() {
        return url;
    }

    /** Sets the address of the server, or of the API for GitHub; blank for the public one of GitHub or Bitbucket. */
    @DataBoundSetter
    public void setUrl(@CheckForNull String url) {
        this.url = Util.fixEmptyAndTrim(url);
    }

    /**
     * The forge as a source of checks of that repository has it.
     *
     * @throws IllegalArgumentException if the kind of forge is not known
     */
    public ForgeCheckSource toForge() {
        ForgeCheckSource made = forge(forge, url, repository);
        made.setCredentialsId(getCredentialsId());
        made.setAllowInsecure(isAllowInsecure());
        return made;
    }

    /**
     * Checks the settings of that forge.
     *
     * @throws IllegalArgumentException with a sentence that begins with the field of this definition
     */
    public ForgeSettings toSettings() {
        try {
            return toForge().toSettings();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    Util.fixNull(e.getMessage())
                            .replaceFirst("^apiUrl ", "url ")
                            .replaceFirst("^project ", "repository "),
                    e);
        }
    }

    private static ForgeCheckSource forge(String kind, @Nullable String url, @Nullable String repository) {
        String name = Util.fixNull(repository);
        if (kind.equals(GITHUB)) {
            var gitHub = new GitHubCheckSource(name);
            gitHub.setApiUrl(url);
            return gitHub;
        }
        if (kind.equals(BITBUCKET)) {
            var bitbucket = new BitbucketCheckSource(name);
            bitbucket.setUrl(url);
            return bitbucket;
        }
        if (kind.equals(GITLAB)) {
            return new GitLabCheckSource(Util.fixNull(url), name);
        }
        if (kind.equals(GITEA)) {
            return new GiteaCheckSource(Util.fixNull(url), name);
        }
        throw new IllegalArgumentException(
                "forge \"" + kind + "\" is not known; use " + String.join(", ", FORGES) + ".");
    }

    /** The field with the id of stored credentials that this controller does not have. */
    public Stream<String> missingCredentials() {
        return FORGES.contains(forge)
                ? toForge()
                        .missingCredentials()
                        .map(field -> "credentialsId \"" + getCredentialsId() + "\" of appRepository")
                : Stream.empty();
    }

    /** The address that the controller requests, and the token that is sent to it; only administrators may set them. */
    public PrivilegedSetting privilegedSetting() {
        return PrivilegedSetting.of(
                "address and credentials of the application's repository",
                forge,
                url,
                repository,
                getCredentialsId(),
                isAllowInsecure());
    }

    /** The form of the application's repository. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<AppRepositoryDefinition> {

        @Override
        public String getDisplayName() {
            return Messages.AppRepositoryDefinition_DisplayName();
        }

        /** The kinds of forges. */
        @POST
        public ListBoxModel doFillForgeItems() {
            var items = new ListBoxModel();
            items.add(Messages.GitHubCheckSource_DisplayName(), GITHUB);
            items.add(Messages.GitLabCheckSource_DisplayName(), GITLAB);
            items.add(Messages.GiteaCheckSource_DisplayName(), GITEA);
            items.add(Messages.BitbucketCheckSource_DisplayName(), BITBUCKET);
            return items;
        }

        /** Offers tokens to administrators, and to all other users only the present value. */
        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item item,
                @QueryParameter String forge,
                @QueryParameter String credentialsId,
                @QueryParameter String url) {
            return FormAccess.credentialsItems(item, credentialsId, address(forge, url), CredentialTypes.FORGE);
        }

        /** Checks that the stored credentials can be found. */
        @POST
        public FormValidation doCheckCredentialsId(
                @QueryParameter String value, @QueryParameter String forge, @QueryParameter String url) {
            return FormAccess.checkCredentials(
                    value, address(forge, url), CredentialTypes.FORGE, Messages::ForgeCheckSource_NoCredentials);
        }

        /** The address that the token is sent to. */
        @CheckForNull
        private static String address(@Nullable String forge, @Nullable String url) {
            return FORGES.contains(Util.fixNull(forge))
                    ? forge(forge, url, "").address().orElse(null)
                    : null;
        }

        /** Checks that the address can be used. */
        @POST
        public FormValidation doCheckUrl(
                @QueryParameter String value, @QueryParameter String forge, @QueryParameter boolean allowInsecure) {
            return FormAccess.checkRequired(
                    address(forge, value), given -> ForgeSettings.urlProblem(given, allowInsecure));
        }

        /** Checks that this can be the path of a repository there. */
        @POST
        public FormValidation doCheckRepository(
                @QueryParameter String value, @QueryParameter String forge, @QueryParameter String url) {
            if (!FORGES.contains(Util.fixNull(forge))) {
                return FormValidation.ok();
            }
            ForgeSettings.ForgeKind kind = forge(forge, url, value).kind();
            return FormAccess.checkRequired(value, given -> ForgeSettings.repositoryProblem(kind, given));
        }

        /** Tests whether the repository can be seen there, for the button of the form. */
        @POST
        public FormValidation doTestConnection(
                @QueryParameter String forge,
                @QueryParameter String url,
                @QueryParameter String repository,
                @QueryParameter String credentialsId,
                @QueryParameter boolean allowInsecure)
                throws InterruptedException {
            var given = new AppRepositoryDefinition(forge, repository);
            given.setUrl(url);
            given.setCredentialsId(credentialsId);
            given.setAllowInsecure(allowInsecure);
            String id = Util.fixNull(given.getCredentialsId());
            return ConnectionTest.answer(
                    given.getForge(),
                    Stream.of(given.privilegedSetting()),
                    given.missingCredentials().map(field -> Messages.ForgeCheckSource_NoCredentials(id)),
                    () -> ExtensionList.lookupSingleton(ForgeProbe.class)
                            .probe(given.toForge())
                            .thenApply(seen ->
                                    FormValidation.ok(Messages.ForgeCheckSource_Connected(given.getRepository()))));
        }
    }
}
