package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Util;
import io.jenkins.plugins.gitops.images.ImageRef;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** An image that a build recorded, as {@code build.xml} keeps it. */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class RecordedImage {

    private final String service;
    private final String repository;
    private final String tag;
    private final String digest;
    private final boolean changed;

    @CheckForNull
    private final String appSha;

    @CheckForNull
    private final String branch;

    /**
     * Records an image.
     *
     * @param changed whether the last successful build had another digest
     * @param appSha the commit of the application that it was built from
     * @param branch the parallel branches around the step that recorded it, {@code outer/inner/}; empty outside of them
     */
    public RecordedImage(String service, ImageRef image, boolean changed, @Nullable String appSha, String branch) {
        this.branch = branch;
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

    /**
     * Whether parallel branches recorded different images of the service, of which the later one would win by chance.
     */
    boolean isRivalOf(RecordedImage other) {
        String mine = Util.fixNull(branch);
        String others = Util.fixNull(other.branch);
        return service.equals(other.service)
                && !digest.equals(other.digest)
                && !mine.startsWith(others)
                && !others.startsWith(mine);
    }

    public String getShortTag() { // jelly access only
        return SafeLinks.shortTag(tag);
    }

    public String getShortDigest() { // jelly access only
        return SafeLinks.shortDigest(digest);
    }

    /** The image as an {@link ImageRef}. */
    public ImageRef toImage() {
        return new ImageRef(repository, tag, digest);
    }
}
