package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.base.RequestingStep;
import io.jenkins.plugins.gitops.steps.base.StateCommandExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import io.jenkins.plugins.gitops.steps.base.TargetRevision;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Rejects images, which are then never promoted. */
@Restricted(NoExternalUse.class)
public final class RejectImagesStep extends RequestingStep {

    @CheckForNull
    private final String reason;

    @CheckForNull
    private Object digests;

    @CheckForNull
    private String revision;

    /**
     * Takes the required argument.
     *
     * @param reason why the images are rejected, for people
     */
    @DataBoundConstructor
    public RejectImagesStep(String reason) {
        this.reason = Util.fixEmptyAndTrim(reason);
    }

    @CheckForNull
    public String getReason() {
        return reason;
    }

    @CheckForNull
    public Object getDigests() {
        return digests;
    }

    /**
     * Names the images.
     *
     * @param digests a list, or a text with one digest or reference in each word
     */
    @DataBoundSetter
    public void setDigests(@CheckForNull Object digests) {
        this.digests = digests instanceof String text ? Util.fixEmptyAndTrim(text) : digests;
    }

    @CheckForNull
    public String getRevision() {
        return revision;
    }

    @DataBoundSetter
    public void setRevision(@CheckForNull String revision) {
        this.revision = Util.fixEmptyAndTrim(revision);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new StateCommandExecution(
                context,
                this,
                (configured, by, now) -> SavedStateCommand.reject(
                        named(),
                        revision == null
                                ? null
                                : TargetRevision.commitOf(
                                        revision,
                                        Util.fixNull(configured.getName()),
                                        configured.toSettings().wavePaths()),
                        StepArguments.required(StepArguments.limited(reason, "reason"), "rejectImages", "reason"),
                        by,
                        now));
    }

    private List<String> named() throws AbortException {
        if ((digests == null) == (revision == null)) {
            throw new AbortException(
                    "rejectImages needs either digests:, or revision: to reject what a commit brought.");
        }
        if (digests == null) {
            return List.of();
        }
        List<String> named = digests instanceof Collection<?> list
                ? list.stream().map(String::valueOf).map(RejectImagesStep::bare).toList()
                : Arrays.stream(String.valueOf(digests).split("[\\s,]+"))
                        .map(RejectImagesStep::bare)
                        .toList();
        for (String digest : named) {
            if (!ImageRef.isDigest(digest)) {
                throw new AbortException("digests: \"" + SingleLine.excerpt(digest) + "\" is not a digest: give "
                        + ImageRef.digestForm(digest) + ".");
            }
        }
        if (named.isEmpty()) {
            throw new AbortException("digests: is empty; name at least one digest.");
        }
        return named;
    }

    /** The digest of a reference: an image is rejected in every repository. */
    private static String bare(String reference) {
        return reference.substring(reference.indexOf('@') + 1).strip();
    }

    /** Offers the step to Jenkinsfiles. */
    @Extension
    public static final class DescriptorImpl extends GitOpsStepDescriptor {

        @Override
        public String getFunctionName() {
            return "rejectImages";
        }

        @Override
        public String getDisplayName() {
            return Messages.RejectImagesStep_DisplayName();
        }
    }
}
