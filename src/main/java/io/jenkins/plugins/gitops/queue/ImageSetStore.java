package io.jenkins.plugins.gitops.queue;

import static org.eclipse.jgit.lib.Constants.OBJ_BLOB;

import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.git.TreeEdit;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.ImageSetLayout;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.waves.WavePath;
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
 * @param folders the folder of each set, without slashes at its ends
 */
public record ImageSetStore(ImageSetLayout.Layout layout, Map<WavePath, String> folders) {

    public ImageSetStore {
        folders = Map.copyOf(folders);
    }

    boolean knows(WavePath path) {
        return folders.containsKey(path);
    }

    /**
     * Reads the set of a wave.
     *
     * @throws InvalidImagesException if somebody wrote files there that are not an image set
     */
    public ImageSet read(ObjectReader reader, ObjectId tree, WavePath path) throws IOException {
        return read(reader, blobs(reader, tree, path), path);
    }

    /**
     * The blobs of a wave's image files that a tree has, by path.
     *
     * @throws InvalidImagesException if something else than a file has the name of one
     */
    SortedMap<String, ObjectId> blobs(ObjectReader reader, ObjectId tree, WavePath path) throws IOException {
        var blobs = new TreeMap<String, ObjectId>();
        List<String> files = files(path);
        try (var walk = new TreeWalk(reader)) {
            walk.addTree(tree);
            walk.setFilter(PathFilterGroup.createFromStrings(files));
            while (walk.next()) {
                String file = walk.getPathString();
                var entry = new TreeEdit.Entry(walk.getFileMode(), walk.getObjectId(0));
                if (files.contains(file)) {
                    if (!entry.isFile()) {
                        throw new InvalidImagesException(file + " is not a file.");
                    }
                    blobs.put(file, entry.id());
                } else if (entry.isTree()) {
                    walk.enterSubtree();
                }
            }
        }
        return blobs;
    }

    /** As {@link #read(ObjectReader, ObjectId, String)}, from the blobs of the files by path. */
    ImageSet read(ObjectReader reader, Map<String, ObjectId> blobs, WavePath path) throws IOException {
        String folder = folders.get(path);
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
    SortedMap<String, ObjectId> insert(ObjectInserter inserter, WavePath path, ImageSet set) throws IOException {
        var blobs = new TreeMap<String, ObjectId>();
        for (var file : ImageSetLayout.write(set, layout).entrySet()) {
            blobs.put(folders.get(path) + "/" + file.getKey(), inserter.insert(OBJ_BLOB, file.getValue()));
        }
        return blobs;
    }

    /** The paths of the image files of all waves. */
    Set<String> allFiles() {
        return folders.keySet().stream().flatMap(path -> files(path).stream()).collect(Collectors.toSet());
    }

    /** The paths of the image files of a wave. */
    List<String> files(WavePath path) {
        return layout.files().stream()
                .map(name -> folders.get(path) + "/" + name)
                .toList();
    }
}
