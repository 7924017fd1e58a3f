package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.git.TreeEdit;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;

/**
 * Reads and writes the image sets of waves, and keeps those of late: each of a queue is needed again and again, and to
 * read one is most of the work of a replay.
 */
final class ImageSetCache {

    /** How many images are kept, of all sets together: a few megabytes. */
    private static final int MAX_IMAGES = 20_000;

    private final ImageSetStore waves;

    /** By the blobs of their files, least recently used first. */
    private final Map<Map<String, ObjectId>, ImageSet> kept = new LinkedHashMap<>(16, 0.75f, true);

    private int images;

    ImageSetCache(ImageSetStore waves) {
        this.waves = waves;
    }

    /** The paths of the image files of all waves. */
    Set<String> allFiles() {
        return waves.allFiles();
    }

    boolean knows(WavePath path) {
        return waves.knows(path);
    }

    /**
     * Reads the set of a wave.
     *
     * @throws InvalidImagesException if somebody wrote files there that are not an image set
     */
    ImageSet read(ObjectReader reader, ObjectId tree, WavePath path) throws IOException {
        SortedMap<String, ObjectId> blobs = waves.blobs(reader, tree, path);
        ImageSet known = kept.get(blobs);
        return known != null ? known : keep(blobs, waves.read(reader, blobs, path));
    }

    /** The tree with the set of a wave written into it. */
    ObjectId write(ObjectReader reader, ObjectInserter inserter, ObjectId tree, WavePath path, ImageSet set)
            throws IOException {
        SortedMap<String, ObjectId> blobs = waves.insert(inserter, path, set);
        keep(blobs, set);
        var files = new TreeMap<String, Optional<ObjectId>>();
        blobs.forEach((file, blob) -> files.put(file, Optional.of(blob)));
        return new TreeEdit(reader, inserter).apply(tree, files);
    }

    /** The tree without the image files of a wave. */
    ObjectId without(ObjectReader reader, ObjectInserter inserter, ObjectId tree, WavePath path) throws IOException {
        var files = new TreeMap<String, Optional<ObjectId>>();
        waves.files(path).forEach(file -> files.put(file, Optional.empty()));
        return new TreeEdit(reader, inserter).apply(tree, files);
    }

    private ImageSet keep(Map<String, ObjectId> blobs, ImageSet set) {
        if (kept.put(blobs, set) == null) {
            images += set.images().size();
        }
        var eldest = kept.values().iterator();
        while (images > MAX_IMAGES) {
            images -= eldest.next().images().size();
            eldest.remove();
        }
        return set;
    }
}
