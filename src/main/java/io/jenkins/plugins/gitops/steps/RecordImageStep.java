package io.jenkins.plugins.gitops.steps;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Queue;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Records an image of the build, or several. */
@Restricted(NoExternalUse.class)
public final class RecordImageStep extends Step {

    @CheckForNull
    private String service;

    @CheckForNull
    private String image;

    @CheckForNull
    private String tag;

    @CheckForNull
    private String digest;

    @CheckForNull
    private String metadataFile;

    @CheckForNull
    private String inspect;

    @CheckForNull
    private String credentialsId;

    @CheckForNull
    private String platform;

    private boolean verify = true;

    @CheckForNull
    private Object images;

    /** Has no required argument, since either {@code service:} or {@code images:} is given. */
    @DataBoundConstructor
    public RecordImageStep() {}

    @CheckForNull
    public String getService() {
        return service;
    }

    /** The key of the image in the image set. */
    @DataBoundSetter
    public void setService(@CheckForNull String service) {
        this.service = Util.fixEmptyAndTrim(service);
    }

    @CheckForNull
    public String getImage() {
        return image;
    }

    @DataBoundSetter
    public void setImage(@CheckForNull String image) {
        this.image = Util.fixEmptyAndTrim(image);
    }

    @CheckForNull
    public String getTag() {
        return tag;
    }

    @DataBoundSetter
    public void setTag(@CheckForNull String tag) {
        this.tag = Util.fixEmptyAndTrim(tag);
    }

    @CheckForNull
    public String getDigest() {
        return digest;
    }

    @DataBoundSetter
    public void setDigest(@CheckForNull String digest) {
        this.digest = Util.fixEmptyAndTrim(digest);
    }

    @CheckForNull
    public String getMetadataFile() {
        return metadataFile;
    }

    @DataBoundSetter
    public void setMetadataFile(@CheckForNull String metadataFile) {
        this.metadataFile = Util.fixEmptyAndTrim(metadataFile);
    }

    @CheckForNull
    public String getInspect() {
        return inspect;
    }

    @DataBoundSetter
    public void setInspect(@CheckForNull String inspect) {
        this.inspect = Util.fixEmptyAndTrim(inspect);
    }

    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    @CheckForNull
    public String getPlatform() {
        return platform;
    }

    @DataBoundSetter
    public void setPlatform(@CheckForNull String platform) {
        this.platform = Util.fixEmptyAndTrim(platform);
    }

    public boolean isVerify() {
        return verify;
    }

    @DataBoundSetter
    public void setVerify(boolean verify) {
        this.verify = verify;
    }

    @CheckForNull
    public Object getImages() {
        return images;
    }

    /** A pattern of files such as {@code out/*.json}, or images in the form of announcements as a map or JSON text. */
    @DataBoundSetter
    public void setImages(@CheckForNull Object images) {
        this.images = images instanceof String text ? Util.fixEmptyAndTrim(text) : images;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new RecordImageExecution(context, this);
    }

    /** Offers the step to Jenkinsfiles. */
    @Extension
    public static final class DescriptorImpl extends GitOpsStepDescriptor {

        @Override
        public String getFunctionName() {
            return "recordImage";
        }

        @Override
        public String getDisplayName() {
            return Messages.RecordImageStep_DisplayName();
        }

        /** Lists the credentials that builds of the job may use; without permission only the present one. */
        @POST
        public ListBoxModel doFillCredentialsIdItems(@AncestorInPath Item item, @QueryParameter String credentialsId) {
            StandardListBoxModel offered = new StandardListBoxModel();
            boolean mayLook = item == null
                    ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                    : item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(CredentialsProvider.USE_ITEM);
            if (!mayLook) {
                return offered.includeCurrentValue(Util.fixNull(credentialsId));
            }
            return offered.includeEmptyValue()
                    .includeMatchingAs(
                            item instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2,
                            item,
                            StandardUsernamePasswordCredentials.class,
                            List.of(),
                            CredentialsMatchers.always())
                    .includeCurrentValue(Util.fixNull(credentialsId));
        }
    }
}
