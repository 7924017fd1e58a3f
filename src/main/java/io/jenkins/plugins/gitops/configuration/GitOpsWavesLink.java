package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Descriptor;
import hudson.model.DescriptorVisibilityFilter;
import hudson.model.ManagementLink;
import hudson.security.Permission;
import hudson.util.FormApply;
import jakarta.servlet.ServletException;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * Manage Jenkins, GitOps Waves: the page of the configuration. It has a page of its own so that it can have a permission
 * of its own; the configuration itself stays a global one, and is {@code unclassified.gitopsWaves} in YAML.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class GitOpsWavesLink extends ManagementLink implements StaplerProxy {

    /** Not that of the plugin's other pages: Jenkins finds these first. */
    static final String URL = "gitops-waves-configuration";

    @Override
    public String getIconFileName() {
        return "symbol-project-relationship";
    }

    @Override
    public String getDisplayName() {
        return Messages.GitOpsWaves_DisplayName();
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

    /** Who may look at the configuration of Jenkins sees the page, and cannot change it. */
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

    /** Whether the page can be changed by who looks at it. */
    public boolean isReadOnly() { // jelly access only
        return !FormAccess.mayConfigure();
    }

    /** What is configured. */
    public GitOpsWavesConfiguration getConfiguration() { // jelly access only
        return GitOpsWavesConfiguration.get();
    }

    /** What is named and not there. */
    public List<String> getDangling() { // jelly access only
        return GitOpsWavesConfiguration.get().dangling();
    }

    /** Takes the form, and shows the page again: with what it names and is not there. */
    @POST
    public HttpResponse doConfigure(StaplerRequest2 req) throws ServletException, Descriptor.FormException {
        GitOpsWavesConfiguration.get().configure(req, req.getSubmittedForm());
        return FormApply.success(".");
    }

    /** Leaves the configuration out of the page of all others, which would ask for other permissions. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class NotAmongAllOthers extends DescriptorVisibilityFilter {

        @Override
        public boolean filter(@CheckForNull Object context, @NonNull Descriptor descriptor) {
            return !(context instanceof Jenkins && descriptor instanceof GitOpsWavesConfiguration);
        }
    }
}
