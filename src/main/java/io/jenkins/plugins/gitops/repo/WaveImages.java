package io.jenkins.plugins.gitops.repo;

import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.ImageSetFiles;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;

/**
 * Where the image sets of the waves lie in a config repository.
 *
 * @param folders by wave
 */
public record WaveImages(ImageSetFiles.Layout layout, Map<String, String> folders) {

    public WaveImages {
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
        String folder = folders.get(wave);
        return ImageSetFiles.read(layout, folder, name -> {
            TreeEdit.Entry entry = TreeEdit.find(reader, tree, folder + "/" + name);
            if (entry == null) {
                return Optional.empty();
            }
            if (!entry.isFile()) {
                throw new InvalidImagesException(folder + "/" + name + " is not a file.");
            }
            ObjectLoader file = reader.open(entry.id(), Constants.OBJ_BLOB);
            if (file.getSize() > Json.MAX_BYTES) {
                throw new InvalidImagesException(folder + "/" + name + " is larger than 1 MiB.");
            }
            return Optional.of(file.getBytes());
        });
    }

    /** The tree with the set of a wave written into it. */
    ObjectId write(ObjectReader reader, ObjectInserter inserter, ObjectId tree, String wave, ImageSet set)
            throws IOException {
        var files = new TreeMap<String, Optional<ObjectId>>();
        for (var file : ImageSetFiles.write(set, layout).entrySet()) {
            files.put(
                    folders.get(wave) + "/" + file.getKey(),
                    Optional.of(inserter.insert(Constants.OBJ_BLOB, file.getValue())));
        }
        return new TreeEdit(reader, inserter).apply(tree, files);
    }

    /** The paths of the image files of a wave. */
    List<String> files(String wave) {
        return layout.files().stream()
                .map(name -> folders.get(wave) + "/" + name)
                .toList();
    }

    /** The tree without the image files of a wave. */
    ObjectId without(ObjectReader reader, ObjectInserter inserter, ObjectId tree, String wave) throws IOException {
        var files = new TreeMap<String, Optional<ObjectId>>();
        files(wave).forEach(file -> files.put(file, Optional.empty()));
        return new TreeEdit(reader, inserter).apply(tree, files);
    }
}
