package io.jenkins.plugins.gitops.pages;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.images.ImageRef;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** One image of a build, kept in plain texts in {@code build.xml}. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class RecordedImage {

    private static final int SHORT_DIGEST = 12;

    private final String service;
    private final String repository;
    private final String tag;
    private final String digest;
    private final boolean changed;

    @CheckForNull
    private final String appSha;

    /**
     * Records an image.
     *
     * @param changed whether the last successful build had another digest
     * @param appSha the commit of the application that it was built from
     */
    public RecordedImage(String service, ImageRef image, boolean changed, @Nullable String appSha) {
        this.service = service;
        this.repository = image.repository();
        this.tag = image.tag();
        this.digest = image.digest();
        this.changed = changed;
        this.appSha = appSha;
    }

    @Exported
    public String getService() {
        return service;
    }

    /** The tag as a full reference. */
    @Exported
    public String getTag() {
        return toImage().tagReference();
    }

    /** The digest as a full reference. */
    @Exported
    public String getDigest() {
        return toImage().digestReference();
    }

    @Exported
    public boolean isChanged() {
        return changed;
    }

    @CheckForNull
    @Exported
    public String getAppSha() {
        return appSha;
    }

    public String getBareTag() { // jelly access only
        return tag;
    }

    public String getShortDigest() { // jelly access only
        int algorithm = digest.indexOf(':') + 1;
        return digest.substring(0, Math.min(digest.length(), algorithm + SHORT_DIGEST));
    }

    /** The image as the engine knows it. */
    public ImageRef toImage() {
        return new ImageRef(repository, tag, digest);
    }
}
