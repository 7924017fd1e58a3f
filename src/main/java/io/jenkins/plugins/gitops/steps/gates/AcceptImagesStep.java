package io.jenkins.plugins.gitops.steps.gates;

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
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Takes the rejection of images back. */
@Restricted(NoExternalUse.class)
public final class AcceptImagesStep extends RequestingStep {

    @CheckForNull
    private final String reason;

    @CheckForNull
    private Object digests;

    /**
     * Takes the required argument.
     *
     * @param reason why the images are accepted, for people
     */
    @DataBoundConstructor
    public AcceptImagesStep(String reason) {
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

    @Override
    public StepExecution start(StepContext context) {
        return new StateCommandExecution(
                context,
                this,
                (configured, by, now) -> SavedGateCommand.accept(
                        named(),
                        StepArguments.required(StepArguments.limited(reason, "reason"), "acceptImages", "reason"),
                        by,
                        now));
    }

    private List<String> named() throws AbortException {
        if (digests == null) {
            throw new AbortException("acceptImages needs digests:, those of the images that were rejected.");
        }
        Stream<String> words = digests instanceof Collection<?> list
                ? list.stream().map(String::valueOf)
                : Arrays.stream(String.valueOf(digests).split("[\\s,]+"));
        List<String> named = words.map(reference ->
                        reference.substring(reference.indexOf('@') + 1).strip())
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

    /** Offers the step to Jenkinsfiles. */
    @Extension
    public static final class DescriptorImpl extends GitOpsStepDescriptor {

        @Override
        public String getFunctionName() {
            return "acceptImages";
        }

        @Override
        public String getDisplayName() {
            return Messages.AcceptImagesStep_DisplayName();
        }
    }
}
