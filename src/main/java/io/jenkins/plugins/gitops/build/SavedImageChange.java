package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.images.ImageRef;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The change of the image of one service, as {@code build.xml} stores it. */
@ExportedBean(defaultVisibility = 4)
@Restricted(NoExternalUse.class)
public final class SavedImageChange {

    private final String service;

    @CheckForNull
    private final String tagBefore;

    @CheckForNull
    private final String digestBefore;

    @CheckForNull
    private final String tag;

    @CheckForNull
    private final String digest;

    /**
     * An image that is added, changed or removed.
     *
     * @param before the image that the wave had; empty if it is added
     * @param after the image that the wave gets; empty if it is removed
     */
    SavedImageChange(String service, Optional<ImageRef> before, Optional<ImageRef> after) {
        this.service = service;
        this.tagBefore = before.map(ImageRef::tagReference).orElse(null);
        this.digestBefore = before.map(ImageRef::digestReference).orElse(null);
        this.tag = after.map(ImageRef::tagReference).orElse(null);
        this.digest = after.map(ImageRef::digestReference).orElse(null);
    }

    @Exported
    public String getService() {
        return service;
    }

    /** The tag that the wave had, as a full reference, or null. */
    @CheckForNull
    @Exported
    public String getTagBefore() {
        return tagBefore;
    }

    /** The digest that the wave had, as a full reference, or null. */
    @CheckForNull
    @Exported
    public String getDigestBefore() {
        return digestBefore;
    }

    /** The tag that it gets, as a full reference, or null where the service is removed. */
    @CheckForNull
    @Exported
    public String getTag() {
        return tag;
    }

    /** The digest that it gets, as a full reference, or null where the service is removed. */
    @CheckForNull
    @Exported
    public String getDigest() {
        return digest;
    }

    /** The image that the wave gets; empty where the service is removed. */
    Optional<ImageRef> after() {
        return tag == null || digest == null ? Optional.empty() : Optional.of(ImageRef.of(service, null, tag, digest));
    }

    public boolean isAdded() { // jelly access only
        return tagBefore == null;
    }

    public boolean isRemoved() { // jelly access only
        return tag == null;
    }

    public boolean isSameDigest() { // jelly access only
        return digest != null && digest.equals(digestBefore);
    }

    public String shortTag(@Nullable String reference) { // jelly access only
        return reference == null ? "" : SafeLinks.shortTag(bareTag(reference));
    }

    /** The page of the application's commit, for a tag that is a commit, or null. */
    @CheckForNull
    public String link(@Nullable String reference) { // jelly access only
        return reference == null ? null : SafeLinks.appCommitOfTag(bareTag(reference));
    }

    private static String bareTag(String reference) {
        return reference.substring(reference.lastIndexOf(':') + 1);
    }

    public String shortDigest(@Nullable String reference) { // jelly access only
        return reference == null ? "" : SafeLinks.shortDigest(reference.substring(reference.indexOf('@') + 1));
    }
}
