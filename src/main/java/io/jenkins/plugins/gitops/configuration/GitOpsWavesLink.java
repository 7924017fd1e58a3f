package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Descriptor;
import hudson.model.DescriptorVisibilityFilter;
import hudson.model.ManagementLink;
import hudson.model.RootAction;
import hudson.security.Permission;
import hudson.util.FormApply;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.GitOpsPermissions;
import jakarta.servlet.ServletException;
import java.util.List;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * Manage Jenkins, GitOps Waves: the page of the configuration. It has a page of its own so that it can have a
 * permission of its own; the configuration itself stays a global one, and is {@code unclassified.gitopsWaves} in YAML.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class GitOpsWavesLink extends ManagementLink implements StaplerProxy {

    /** Differs from the URL of the plugin's other pages, which Jenkins would find first. */
    static final String URL = "gitops-waves-configuration";

    @Override
    public String getIconFileName() {
        return "symbol-project-relationship";
    }

    @Override
    public String getDisplayName() {
        return Messages.GitOpsWavesConfiguration_DisplayName();
    }

    @Override
    public String getDescription() {
        return Messages.GitOpsWavesLink_Description();
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    @Override
    @NonNull
    public Category getCategory() {
        return Category.CONFIGURATION;
    }

    /** Users who may only read the configuration of Jenkins see the page and cannot change it. */
    @Override
    @NonNull
    public Permission getRequiredPermission() {
        return FormAccess.mayConfigure() ? GitOpsPermissions.CONFIGURE : Jenkins.SYSTEM_READ;
    }

    @Override
    public Object getTarget() {
        Jenkins.get().checkPermission(getRequiredPermission());
        return this;
    }

    /** Whether the present user cannot change the page. */
    public boolean isReadOnly() { // jelly access only
        return !FormAccess.mayConfigure();
    }

    /** The configuration that the page shows. */
    public GitOpsWavesConfiguration getConfiguration() { // jelly access only
        return GitOpsWavesConfiguration.get();
    }

    /** A sentence for each missing reference, and for each repository that is open to more jobs than it names. */
    public List<String> getWarnings() { // jelly access only
        return Stream.concat(
                        GitOpsWavesConfiguration.get().missingReferences().stream(),
                        ExtensionList.lookupSingleton(UnprotectedRepositoriesMonitor.class).getSentences().stream())
                .toList();
    }

    /** Saves the form, and shows the page again with the references that are missing. */
    @POST
    public HttpResponse doConfigure(StaplerRequest2 req) throws ServletException, Descriptor.FormException {
        GitOpsWavesConfiguration.get().configure(req, req.getSubmittedForm());
        return FormApply.success(".");
    }

    /** Hides the configuration on Jenkins' own configuration page, which asks for other permissions. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class SystemPageFilter extends DescriptorVisibilityFilter {

        @Override
        public boolean filter(@CheckForNull Object context, @NonNull Descriptor descriptor) {
            return !(context instanceof Jenkins && descriptor instanceof GitOpsWavesConfiguration);
        }
    }

    /**
     * A link to the page for users who may configure the plugin and do not see Manage Jenkins, where it is otherwise.
     */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class Shortcut implements RootAction {

        @Override
        @CheckForNull
        public String getIconFileName() {
            return FormAccess.mayConfigure() && !Jenkins.get().hasPermission(Jenkins.SYSTEM_READ)
                    ? "symbol-settings"
                    : null;
        }

        @Override
        public String getDisplayName() {
            return Messages.GitOpsWavesLink_Shortcut();
        }

        @Override
        public String getUrlName() {
            return "/manage/" + URL;
        }
    }
}
