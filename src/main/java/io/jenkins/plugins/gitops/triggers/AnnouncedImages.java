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
 * What was announced over HTTP, kept with the queued build that it starts and then with the build. Each announcement
 * gets a build of its own, so the queue never folds two of them together.
 */
@Restricted(NoExternalUse.class)
public final class AnnouncedImages extends InvisibleAction implements Queue.QueueAction {

    /** Who counts the announcements. No job can be called this, since names of jobs have no colon. */
    private static final String ANNOUNCER = "announced:images";

    private final String repository;

    @CheckForNull
    private final String set;

    private final String images;

    @CheckForNull
    private final String appSha;

    @CheckForNull
    private final Long order;

    /**
     * Keeps an announcement.
     *
     * @param repository the name of the config repository
     * @param set the name of the image set, or null for the only one
     * @param appSha the full SHA of the application's commit, if it was told
     * @param order the announcer's own number: of two announcements the higher is newer
     */
    public AnnouncedImages(
            String repository, @Nullable String set, ImageSet images, @Nullable String appSha, @Nullable Long order) {
        this.repository = repository;
        this.set = set;
        this.images = images.toJson();
        this.appSha = appSha;
        this.order = order;
    }

    /** What a build was announced with, if it was for that repository. */
    public static Optional<AnnouncedImages> of(Run<?, ?> run, String repository) {
        return run.getActions(AnnouncedImages.class).stream()
                .filter(announced -> announced.repository.equals(repository))
                .findFirst();
    }

    public String repository() {
        return repository;
    }

    @CheckForNull
    public String set() {
        return set;
    }

    public ImageSet images() {
        return ImageSet.parse(images);
    }

    @CheckForNull
    public String appSha() {
        return appSha;
    }

    /** The announcer's own number, if it gave one. */
    public OptionalLong number() {
        return order == null ? OptionalLong.empty() : OptionalLong.of(order);
    }

    /** The same in the form of the trailer {@code Autocommit-Order}. */
    public Optional<String> order() {
        return order == null ? Optional.empty() : Optional.of(ANNOUNCER + "#" + order);
    }

    @Override
    public boolean shouldSchedule(List<Action> actions) {
        return true;
    }
}
