package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Util;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.images.ImageRef;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundSetter;

/** A step that judges images, which it names by their digests, for a reason. */
@Restricted(NoExternalUse.class)
public abstract class ImageDigestsStep extends RequestingStep {

    @CheckForNull
    private final String reason;

    @CheckForNull
    private Object digests;

    protected ImageDigestsStep(@CheckForNull String reason) {
        this.reason = Util.fixEmptyAndTrim(reason);
    }

    @CheckForNull
    public final String getReason() {
        return reason;
    }

    @CheckForNull
    public final Object getDigests() {
        return digests;
    }

    /**
     * Names the images.
     *
     * @param digests a list, or a text with one digest or reference in each word
     */
    @DataBoundSetter
    public final void setDigests(@CheckForNull Object digests) {
        this.digests = digests instanceof String text ? Util.fixEmptyAndTrim(text) : digests;
    }

    /**
     * The reason.
     *
     * @param step its name in Jenkinsfiles
     */
    protected final String requiredReason(String step) throws AbortException {
        return StepArguments.required(StepArguments.limited(reason, "reason"), step, "reason");
    }

    /** The digests that are given; without the repositories of references, since an image is judged in each of them. */
    protected final List<String> namedDigests() throws AbortException {
        if (digests instanceof Map) {
            throw new AbortException("digests: is a map; give a list of texts, or one text.");
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
}
