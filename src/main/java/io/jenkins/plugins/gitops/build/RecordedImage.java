package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Util;
import io.jenkins.plugins.gitops.images.ImageRef;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** One image of a build, kept in plain texts in {@code build.xml}. */
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
     * @param branch of the Pipeline's parallel steps that recorded it, {@code outer/inner/}, empty outside of them
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

    /** Whether the other was recorded by another branch at the same time, so that chance would say which one counts. */
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

    /** The image as the engine knows it. */
    public ImageRef toImage() {
        return new ImageRef(repository, tag, digest);
    }
}
