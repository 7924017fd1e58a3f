package io.jenkins.plugins.gitops.queue;

import static org.eclipse.jgit.lib.Constants.OBJ_BLOB;

import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.git.TreeEdit;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.ImageSetLayout;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathFilterGroup;

/**
 * Where the image sets of the waves lie in a config repository.
 *
 * @param folders by wave, and by {@code WavePath} where sets have names
 */
public record ImageSetStore(ImageSetLayout.Layout layout, Map<String, String> folders) {

    public ImageSetStore {
        folders = Map.copyOf(folders);
    }

    boolean knows(String wave) {
        return folders.containsKey(wave);
    }

    /**
     * Reads the set of a wave.
     *
     * @throws InvalidImagesException if somebody wrote files there that are not an image set
     */
    public ImageSet read(ObjectReader reader, ObjectId tree, String wave) throws IOException {
        return read(reader, blobs(reader, tree, wave), wave);
    }

    /**
     * The blobs of a wave's image files that a tree has, by path.
     *
     * @throws InvalidImagesException if something else than a file has the name of one
     */
    SortedMap<String, ObjectId> blobs(ObjectReader reader, ObjectId tree, String wave) throws IOException {
        var blobs = new TreeMap<String, ObjectId>();
        List<String> files = files(wave);
        try (var walk = new TreeWalk(reader)) {
            walk.addTree(tree);
            walk.setFilter(PathFilterGroup.createFromStrings(files));
            while (walk.next()) {
                String path = walk.getPathString();
                var entry = new TreeEdit.Entry(walk.getFileMode(), walk.getObjectId(0));
                if (files.contains(path)) {
                    if (!entry.isFile()) {
                        throw new InvalidImagesException(path + " is not a file.");
                    }
                    blobs.put(path, entry.id());
                } else if (entry.isTree()) {
                    walk.enterSubtree();
                }
            }
        }
        return blobs;
    }

    /** As {@link #read(ObjectReader, ObjectId, String)}, from the blobs of the files by path. */
    ImageSet read(ObjectReader reader, Map<String, ObjectId> blobs, String wave) throws IOException {
        String folder = folders.get(wave);
        return ImageSetLayout.read(layout, folder, name -> {
            ObjectId blob = blobs.get(folder + "/" + name);
            if (blob == null) {
                return Optional.empty();
            }
            ObjectLoader file = reader.open(blob, OBJ_BLOB);
            if (file.getSize() > Json.MAX_BYTES) {
                throw new InvalidImagesException(folder + "/" + name + " is larger than 1 MiB.");
            }
            return Optional.of(file.getBytes());
        });
    }

    /** Writes the image files of a set for a wave; returns their blobs by path. */
    SortedMap<String, ObjectId> insert(ObjectInserter inserter, String wave, ImageSet set) throws IOException {
        var blobs = new TreeMap<String, ObjectId>();
        for (var file : ImageSetLayout.write(set, layout).entrySet()) {
            blobs.put(folders.get(wave) + "/" + file.getKey(), inserter.insert(OBJ_BLOB, file.getValue()));
        }
        return blobs;
    }

    /** The paths of the image files of all waves. */
    Set<String> allFiles() {
        return folders.keySet().stream().flatMap(wave -> files(wave).stream()).collect(Collectors.toSet());
    }

    /** The paths of the image files of a wave. */
    List<String> files(String wave) {
        return layout.files().stream()
                .map(name -> folders.get(wave) + "/" + name)
                .toList();
    }
}
