package io.jenkins.plugins.gitops.triggers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.model.Action;
import hudson.model.InvisibleAction;
import hudson.model.Queue;
import hudson.model.Run;
import io.jenkins.plugins.gitops.images.ImageSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * An announcement of images over HTTP, stored with the queued build that it triggers and then with the build. Each
 * announcement gets a build of its own: the queue never merges two of them.
 */
@Restricted(NoExternalUse.class)
public final class ImageAnnouncement extends InvisibleAction implements Queue.QueueAction {

    /** Stands for the job in the order of announced changes. Names of jobs have no colon, so no job has this name. */
    private static final String ORDER_PREFIX = "announced:images";

    private final String repository;

    @CheckForNull
    private final String set;

    private final String images;

    @CheckForNull
    private final String appSha;

    @CheckForNull
    private final Long order;

    private final boolean replace;
    private final boolean redeliver;

    /**
     * Creates an announcement.
     *
     * @param repository the name of the config repository
     * @param set the name of the image set, or null for the only one
     * @param appSha the full SHA of the application's commit, or null
     * @param order the announcer's own number, or null; of two announcements the one with the higher number is newer
     */
    public ImageAnnouncement(
            String repository, @Nullable String set, ImageSet images, @Nullable String appSha, @Nullable Long order) {
        this(repository, set, images.toJson(), appSha, order, false, false);
    }

    private ImageAnnouncement(
            String repository,
            @Nullable String set,
            String images,
            @Nullable String appSha,
            @Nullable Long order,
            boolean replace,
            boolean redeliver) {
        this.repository = repository;
        this.set = set;
        this.images = images;
        this.appSha = appSha;
        this.order = order;
        this.replace = replace;
        this.redeliver = redeliver;
    }

    /** A copy whose images are, or are not, the whole set. */
    public ImageAnnouncement replacing(boolean whole) {
        return new ImageAnnouncement(repository, set, images, appSha, order, whole, redeliver);
    }

    /** A copy that may, or may not, go back to a commit of the application that the wave had before something newer. */
    public ImageAnnouncement redelivering(boolean meant) {
        return new ImageAnnouncement(repository, set, images, appSha, order, replace, meant);
    }

    /** The announcement that triggered a build, if it was for that repository. */
    public static Optional<ImageAnnouncement> of(Run<?, ?> run, String repository) {
        return run.getActions(ImageAnnouncement.class).stream()
                .filter(announced -> announced.repository.equals(repository))
                .findFirst();
    }

    public String repository() {
        return repository;
    }

    /** The name of the image set; empty for the only one. */
    public Optional<String> set() {
        return Optional.ofNullable(set);
    }

    public ImageSet images() {
        return ImageSet.parse(images);
    }

    /** The full SHA of the application's commit, if it was announced. */
    public Optional<String> appSha() {
        return Optional.ofNullable(appSha);
    }

    /** The announcer's own number, if it gave one. */
    public OptionalLong number() {
        return order == null ? OptionalLong.empty() : OptionalLong.of(order);
    }

    /** The number in the form of the trailer {@code Autocommit-Order}, if there is one. */
    public Optional<String> order() {
        return order == null ? Optional.empty() : Optional.of(ORDER_PREFIX + "#" + order);
    }

    /** Whether the images are the whole set, so that other services are removed. */
    public boolean isReplace() {
        return replace;
    }

    /** Whether it may go back to a commit of the application that the wave had before something newer. */
    public boolean isRedeliver() {
        return redeliver;
    }

    @Override
    public boolean shouldSchedule(List<Action> actions) {
        return true;
    }
}
