package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.images.BuildKitMetadata;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.pages.DeliveryAction;
import io.jenkins.plugins.gitops.pages.RecordedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.steps.SynchronousNonBlockingStepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Records one image of the build. */
@Restricted(NoExternalUse.class)
public final class RecordImageStep extends Step {

    @CheckForNull
    private final String service;

    @CheckForNull
    private String image;

    @CheckForNull
    private String tag;

    @CheckForNull
    private String digest;

    @CheckForNull
    private String metadataFile;

    /**
     * Names the service.
     *
     * @param service the key of the image in the image set
     */
    @DataBoundConstructor
    public RecordImageStep(String service) {
        this.service = Util.fixEmptyAndTrim(service);
    }

    @CheckForNull
    public String getService() {
        return service;
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

    @Override
    public StepExecution start(StepContext context) {
        return new Execution(context, this);
    }

    /** Reads what is known of the image, off the CPS thread since the metadata lie on an agent. */
    private static final class Execution extends SynchronousNonBlockingStepExecution<Map<String, Object>> {

        private static final long serialVersionUID = 1L;

        /** Far more than BuildKit writes, far less than would hurt the controller. */
        private static final int MAX_METADATA = 1 << 20;

        private final transient RecordImageStep step;

        Execution(StepContext context, RecordImageStep step) {
            super(context);
            this.step = step;
        }

        @Override
        protected Map<String, Object> run() throws Exception {
            String service = Requests.required(step.service, "recordImage", "service");
            Run<?, ?> run = getContext().get(Run.class);
            ImageRef image;
            try {
                ImageSet.checkService(service);
                image = ImageRef.of(service, step.image, step.tag, digest());
            } catch (InvalidImagesException e) {
                throw new AbortException(e.getMessage());
            }
            RecordedImage recorded = new RecordedImage(service, image, changed(run, service, image), appSha());
            DeliveryAction.of(run).record(recorded);
            getContext()
                    .get(TaskListener.class)
                    .getLogger()
                    .println("Recorded " + service + ": " + recorded.getTag() + ", " + image.digest()
                            + (recorded.isChanged() ? "" : " (the same as in the last successful build)"));
            Map<String, Object> result = new HashMap<>();
            result.put("service", service);
            result.put("Tag", recorded.getTag());
            result.put("Digest", recorded.getDigest());
            result.put("changed", recorded.isChanged());
            return result;
        }

        @CheckForNull
        private String digest() throws IOException, InterruptedException {
            if (step.metadataFile == null) {
                return step.digest;
            }
            String found = BuildKitMetadata.digest(step.metadataFile, metadata(step.metadataFile));
            if (step.digest != null && !step.digest.endsWith(found)) {
                throw new AbortException(
                        "recordImage was given two digests of " + step.service + ": digest: says " + step.digest + ", "
                                + step.metadataFile + " says " + found + "; pass the one that was pushed.");
            }
            return step.digest == null ? found : step.digest;
        }

        private String metadata(String file) throws IOException, InterruptedException {
            FilePath workspace = getContext().get(FilePath.class);
            if (workspace == null) {
                throw new AbortException(
                        "recordImage reads metadataFile: from a workspace; call it inside node { … }, where the file is.");
            }
            try (InputStream in = workspace.child(file).read()) {
                byte[] content = in.readNBytes(MAX_METADATA + 1);
                if (content.length > MAX_METADATA) {
                    throw new AbortException(
                            "The metadata file " + file + " has over 1 MiB; it is not what BuildKit wrote.");
                }
                return new String(content, StandardCharsets.UTF_8);
            } catch (NoSuchFileException e) {
                throw new AbortException("There is no file " + file
                        + " in the workspace; pass what the image was built " + "with as --metadata-file.");
            }
        }

        private static boolean changed(Run<?, ?> run, String service, ImageRef image) {
            Run<?, ?> before = run.getPreviousSuccessfulBuild();
            DeliveryAction action = before == null ? null : before.getAction(DeliveryAction.class);
            return action == null
                    || action.image(service)
                            .map(known -> !known.toImage().digest().equals(image.digest()))
                            .orElse(true);
        }

        @CheckForNull
        private String appSha() throws IOException, InterruptedException {
            EnvVars environment = getContext().get(EnvVars.class);
            return environment == null ? null : Util.fixEmptyAndTrim(environment.get("GIT_COMMIT"));
        }
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
    }
}
