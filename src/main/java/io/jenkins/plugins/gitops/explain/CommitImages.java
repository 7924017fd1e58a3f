package io.jenkins.plugins.gitops.explain;

import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.delivery.RepositoryState.BroughtImages;
import io.jenkins.plugins.gitops.git.CommitPeople;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * The images that the commits of ended changes added, so that pages can find the changes of an image, and releases have
 * names. Each commit is read once, the newest first, and only a limited number in each round, so that a long history
 * does not delay the round; all of them where somebody waits for a release by its name.
 *
 * <p>Used by one thread at a time.
 */
final class CommitImages {

    /** Takes some 100 ms with 40 services. */
    private static final int PER_LOOK = 100;

    /**
     * The number of images that are kept, of the newest changes: some 100 MB. Of older changes only the identity of the
     * set is kept, which gives releases their names.
     */
    private static final int MAX_IMAGES = 200_000;

    private final Repository git;
    private final AutoBranch branch;
    private final Set<WavePath> paths;
    private Map<String, BroughtImages> known = Map.of();

    /** The names of services, each once. */
    private final Map<String, String> services = new HashMap<>();

    /**
     * Reads commits of a clone.
     *
     * @param paths the image sets of the repository
     */
    CommitImages(Repository git, AutoBranch branch, Collection<WavePath> paths) {
        this.git = git;
        this.branch = branch;
        this.paths = Set.copyOf(paths);
    }

    /**
     * As much as is known, by the SHA of the commit; the same object as before if nothing was read.
     *
     * @param whole whether all commits are to be read now
     */
    Map<String, BroughtImages> of(List<DecidedChange> history, boolean whole) throws IOException {
        List<DecidedChange> unread = history.stream()
                .filter(change -> !known.containsKey(change.sha()))
                .limit(whole ? Integer.MAX_VALUE : PER_LOOK)
                .toList();
        if (!unread.isEmpty()) {
            var read = new HashMap<>(known);
            int images = 0;
            for (DecidedChange change : unread) {
                BroughtImages brought = read(change);
                images += brought.images().size();
                // The older ones of a long history would be dropped below, after all of them were in memory.
                read.put(change.sha(), images > MAX_IMAGES ? brought.withoutImages() : brought);
            }
            known = bounded(history, read, MAX_IMAGES);
        }
        return known;
    }

    /**
     * What the commits of a history brought, as far as it was read, with a limited number of images.
     *
     * @param history newest first
     */
    static Map<String, BroughtImages> bounded(
            List<DecidedChange> history, Map<String, BroughtImages> read, int maxImages) {
        var bounded = new HashMap<String, BroughtImages>();
        int images = 0;
        for (DecidedChange change : history) {
            BroughtImages brought = read.get(change.sha());
            if (brought != null) {
                images += brought.images().size();
                bounded.put(change.sha(), images > maxImages ? brought.withoutImages() : brought);
            }
        }
        return Map.copyOf(bounded);
    }

    private BroughtImages read(DecidedChange change) throws IOException {
        if (!branch.graph().has(change.sha())) {
            return BroughtImages.NOTHING;
        }
        try {
            return read(ObjectId.fromString(change.sha()), change.trailers());
        } catch (InvalidImagesException | IncorrectObjectTypeException | MissingObjectException e) {
            // Somebody wrote other files there by hand.
            return BroughtImages.NOTHING;
        }
    }

    private BroughtImages read(ObjectId commit, Optional<ChangeTrailers> trailers) throws IOException {
        if (trailers.isEmpty()) {
            return new BroughtImages(author(commit), new TreeMap<>(), "");
        }
        WavePath path = trailers.get().wavePath();
        if (!paths.contains(path)) {
            return BroughtImages.NOTHING;
        }
        ImageSet whole = branch.images().read(commit, path);
        Optional<ObjectId> parent = branch.graph().parent(commit);
        ImageSet before = parent.isPresent() ? branch.images().read(parent.get(), path) : ImageSet.EMPTY;
        var images = new TreeMap<String, ImageRef>();
        whole.images().forEach((service, image) -> {
            if (!image.equals(before.get(service))) {
                images.put(services.computeIfAbsent(service, same -> same), image);
            }
        });
        return new BroughtImages("", images, whole.identity());
    }

    private String author(ObjectId commit) throws IOException {
        try (var walk = new RevWalk(git)) {
            return CommitPeople.author(walk.parseCommit(commit)).getName();
        }
    }
}
