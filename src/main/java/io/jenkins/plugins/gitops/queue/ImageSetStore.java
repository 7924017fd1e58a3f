package io.jenkins.plugins.gitops.queue;

import static org.eclipse.jgit.lib.Constants.OBJ_BLOB;

import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.git.TreeEdit;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.ImageSetLayout;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.matching.WorkBudget;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.worktree.AttributeRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathFilterGroup;

/**
 * Reads and writes the image sets of a config repository, and caches the recent ones: each set of a queue is needed
 * again and again, and to read one is most of the work of a replay.
 */
public final class ImageSetStore {

    /** The number of images that the cache holds, of all sets together: a few megabytes. */
    private static final int MAX_IMAGES = 20_000;

    private static final int MAX_COMMITS = 5_000;

    /** Steps that the matching of attributes may take: tenths of a second. */
    private static final long MAX_MATCHING = 5_000_000;

    private static final byte[] LFS_POINTER =
            "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.US_ASCII);

    private static final String WITHOUT_FILTER =
            "exclude the image files from it in .gitattributes, as with images/** !filter !diff !merge";

    private final Repository git;
    private final ImageSetLayout.Layout layout;
    private final Map<WavePath, String> folders;

    /** By the blobs of their files, least recently used first. */
    private final Map<Map<String, ObjectId>, ImageSet> cache = new LinkedHashMap<>(16, 0.75f, true);

    /** The files of sets, by commit and path: one round asks for the same ones again and again. */
    private final Map<List<Object>, SetFiles> filesOfCommits = new HashMap<>();

    private int cachedImages;

    /**
     * Creates a store.
     *
     * @param git the clone
     * @param folders the folder of each image set, without slashes at its ends
     */
    public ImageSetStore(Repository git, ImageSetLayout.Layout layout, Map<WavePath, String> folders) {
        this.git = git;
        this.layout = layout;
        this.folders = Map.copyOf(folders);
    }

    /** The folder of an image set; somebody may have taken it out of the configuration while a build waits for it. */
    private String folder(WavePath path) {
        String folder = folders.get(path);
        if (folder == null) {
            throw new InvalidImagesException("The configuration has no image set " + path + " any more.");
        }
        return folder;
    }

    boolean has(WavePath path) {
        return folders.containsKey(path);
    }

    /** The paths that the files of an image set have, or had in another layout. */
    public List<String> files(WavePath path) {
        return Arrays.stream(ImageSetLayout.Layout.values())
                .flatMap(each -> each.files().stream())
                .map(name -> folder(path) + "/" + name)
                .toList();
    }

    /**
     * The paths of the files of all image sets of a tree, and of those that would be read as files of a set if somebody
     * made them. Files of YAML count where a set has them, since other programs give theirs the same names.
     */
    Set<String> allFiles(ObjectReader reader, ObjectId tree) throws IOException {
        var files = new HashSet<String>();
        for (WavePath path : folders.keySet()) {
            var layouts = EnumSet.copyOf(layout.reserved());
            layouts.add(layout(reader, tree, path));
            for (ImageSetLayout.Layout each : layouts) {
                each.files().forEach(name -> files.add(folder(path) + "/" + name));
            }
        }
        return files;
    }

    /**
     * Reads an image set as of a commit; empty if the commit has no files of it.
     *
     * @throws InvalidImagesException if its files are not an image set
     */
    public ImageSet read(ObjectId commit, WavePath path) throws IOException {
        List<Object> key = List.of(commit, path);
        SetFiles known = filesOfCommits.get(key);
        ImageSet remembered = known == null ? null : cache.get(known.blobs());
        if (remembered != null) {
            return remembered;
        }
        try (ObjectReader reader = git.newObjectReader();
                RevWalk walk = new RevWalk(reader)) {
            SetFiles files = find(reader, walk.parseCommit(commit).getTree(), path);
            if (filesOfCommits.size() >= MAX_COMMITS) {
                filesOfCommits.clear();
            }
            filesOfCommits.put(List.of(commit.copy(), path), files);
            return read(reader, files, path);
        }
    }

    /** As {@link #read(ObjectId, WavePath)}, from a tree. */
    ImageSet read(ObjectReader reader, ObjectId tree, WavePath path) throws IOException {
        return read(reader, find(reader, tree, path), path);
    }

    private ImageSet read(ObjectReader reader, SetFiles files, WavePath path) throws IOException {
        ImageSet known = cache.get(files.blobs());
        return known != null ? known : remember(files.blobs(), parse(reader, files, path));
    }

    /**
     * The layout of an image set in a tree: the configured one, or another in which its files still are. Older commits,
     * and queued ones until the layout is changed, have the one of before.
     */
    ImageSetLayout.Layout layout(ObjectReader reader, ObjectId tree, WavePath path) throws IOException {
        return find(reader, tree, path).layout();
    }

    /**
     * The files of an image set that a tree has.
     *
     * @param blobs by path
     */
    private record SetFiles(ImageSetLayout.Layout layout, SortedMap<String, ObjectId> blobs) {}

    private SetFiles find(ObjectReader reader, ObjectId tree, WavePath path) throws IOException {
        var present = new TreeMap<String, ObjectId>();
        List<String> files = files(path);
        try (var walk = new TreeWalk(reader)) {
            walk.addTree(tree);
            walk.setFilter(PathFilterGroup.createFromStrings(files));
            while (walk.next()) {
                String file = walk.getPathString();
                var entry = new TreeEdit.Entry(walk.getFileMode(), walk.getObjectId(0));
                if (files.contains(file)) {
                    if (entry.isFile()) {
                        present.put(file, entry.id());
                    } else if (layout.files().contains(file.substring(file.lastIndexOf('/') + 1))) {
                        throw new InvalidImagesException(file + " is not a file.");
                    }
                } else if (entry.isTree()) {
                    walk.enterSubtree();
                }
            }
        }
        SortedMap<String, ObjectId> own = of(layout, path, present);
        if (!own.isEmpty()) {
            return new SetFiles(layout, own);
        }
        for (ImageSetLayout.Layout other : ImageSetLayout.Layout.values()) {
            SortedMap<String, ObjectId> its = of(other, path, present);
            if (!its.isEmpty() && areOf(reader, other, its)) {
                return new SetFiles(other, its);
            }
        }
        requireFolder(reader, tree, folder(path));
        return new SetFiles(layout, own);
    }

    private SortedMap<String, ObjectId> of(
            ImageSetLayout.Layout which, WavePath path, SortedMap<String, ObjectId> present) {
        var files = new TreeMap<>(present);
        files.keySet()
                .retainAll(which.files().stream()
                        .map(name -> folder(path) + "/" + name)
                        .collect(Collectors.toSet()));
        return files;
    }

    private static boolean areOf(ObjectReader reader, ImageSetLayout.Layout which, SortedMap<String, ObjectId> files)
            throws IOException {
        for (Map.Entry<String, ObjectId> file : files.entrySet()) {
            ObjectLoader content = reader.open(file.getValue(), OBJ_BLOB);
            checkSize(file.getKey(), content.getSize());
            if (!ImageSetLayout.isOf(which, content.getBytes())) {
                return false;
            }
        }
        return true;
    }

    /** Refuses something else in the place of a folder or of one above it, which to write the files would replace. */
    private static void requireFolder(ObjectReader reader, ObjectId tree, String folder) throws IOException {
        for (int end = folder.indexOf('/'); ; end = folder.indexOf('/', end + 1)) {
            String path = end < 0 ? folder : folder.substring(0, end);
            TreeEdit.Entry entry = TreeEdit.find(reader, tree, path);
            if (entry != null && !entry.isTree()) {
                throw new InvalidImagesException(path + " is " + nameOf(entry)
                        + ", through which nothing is read or written; make it a folder, or set imagesPath to one.");
            }
            if (entry == null || end < 0) {
                return;
            }
        }
    }

    private static String nameOf(TreeEdit.Entry entry) {
        if (entry.isFile()) {
            return "a file";
        }
        return entry.mode().equals(FileMode.GITLINK) ? "a submodule" : "a link";
    }

    private ImageSet parse(ObjectReader reader, SetFiles files, WavePath path) throws IOException {
        String folder = folder(path);
        return ImageSetLayout.read(files.layout(), folder, name -> {
            ObjectId blob = files.blobs().get(folder + "/" + name);
            if (blob == null) {
                return Optional.empty();
            }
            ObjectLoader file = reader.open(blob, OBJ_BLOB);
            checkSize(folder + "/" + name, file.getSize());
            byte[] content = file.getBytes();
            if (startsWith(content, LFS_POINTER)) {
                throw new InvalidImagesException(
                        folder + "/" + name + " is a pointer of Git LFS, and its content is not in "
                                + "the repository: " + WITHOUT_FILTER + ", and commit it as it is.");
            }
            return Optional.of(content);
        });
    }

    private static boolean startsWith(byte[] content, byte[] beginning) {
        return content.length >= beginning.length
                && Arrays.equals(content, 0, beginning.length, beginning, 0, beginning.length);
    }

    /**
     * Refuses files that git runs through a filter, such as Git LFS: there is none here, and without it every clone would
     * have the files as changed.
     */
    private static void requireNoFilter(ObjectReader reader, ObjectId tree, Set<String> files) throws IOException {
        var rules = new AttributeRules(new WorkBudget(MAX_MATCHING));
        var read = new HashSet<String>();
        try {
            for (String file : files) {
                for (int end = 0; end >= 0; end = file.indexOf('/', end) < 0 ? -1 : file.indexOf('/', end) + 1) {
                    String attributes = file.substring(0, end) + AttributeRules.FILE;
                    TreeEdit.Entry entry = read.add(attributes) ? TreeEdit.find(reader, tree, attributes) : null;
                    if (entry != null && entry.isFile()) {
                        ObjectLoader rulesFile = reader.open(entry.id(), OBJ_BLOB);
                        checkSize(attributes, rulesFile.getSize());
                        rules.add(TreeEdit.bytes(attributes), rulesFile.getBytes());
                    }
                }
                Optional<String> filter = rules.filter(TreeEdit.bytes(file));
                if (filter.isPresent()) {
                    throw new InvalidImagesException(file + " has the attribute filter=" + filter.get()
                            + ", and no such filter is run for it here: " + WITHOUT_FILTER + ".");
                }
            }
        } catch (WorkBudget.ExceededException e) {
            throw new InvalidImagesException(
                    "The .gitattributes of the config repository have more rules than can be matched; take some out.");
        }
    }

    private static void checkSize(String file, long bytes) {
        try {
            Json.checkStorable(bytes);
        } catch (MalformedJsonException e) {
            throw new InvalidImagesException(file + " " + e.getMessage() + ".");
        }
    }

    /**
     * Writes an image set in the layout that it has in a tree; returns the tree with its files.
     *
     * @throws InvalidImagesException if a file becomes larger than can be read back, or goes through a filter of git
     */
    ObjectId write(ObjectSession objects, ObjectId tree, WavePath path, ImageSet set) throws IOException {
        return write(objects, tree, path, set, layout(objects.reader(), tree, path));
    }

    /** As above, in a given layout. */
    ObjectId write(ObjectSession objects, ObjectId tree, WavePath path, ImageSet set, ImageSetLayout.Layout as)
            throws IOException {
        var files = new TreeMap<String, Optional<ObjectId>>();
        insert(objects, path, set, as).forEach((file, blob) -> files.put(file, Optional.of(blob)));
        requireNoFilter(objects.reader(), tree, files.keySet());
        return new TreeEdit(objects.reader(), objects.inserter()).apply(tree, files);
    }

    private SortedMap<String, ObjectId> insert(
            ObjectSession objects, WavePath path, ImageSet set, ImageSetLayout.Layout as) throws IOException {
        var blobs = new TreeMap<String, ObjectId>();
        for (var file : ImageSetLayout.write(set, as).entrySet()) {
            String name = folder(path) + "/" + file.getKey();
            checkSize(name, file.getValue().length);
            blobs.put(name, objects.inserter().insert(OBJ_BLOB, file.getValue()));
        }
        remember(blobs, set);
        return blobs;
    }

    /** The tree with all image sets in the configured layout; the same tree if they are. */
    ObjectId inConfiguredLayout(ObjectSession objects, ObjectId tree) throws IOException {
        var files = new TreeMap<String, Optional<ObjectId>>();
        for (WavePath path : folders.keySet()) {
            SetFiles present = find(objects.reader(), tree, path);
            if (present.layout() != layout) {
                present.blobs().keySet().forEach(file -> files.put(file, Optional.empty()));
                insert(objects, path, read(objects.reader(), present, path), layout)
                        .forEach((file, blob) -> files.put(file, Optional.of(blob)));
            }
        }
        return files.isEmpty() ? tree : new TreeEdit(objects.reader(), objects.inserter()).apply(tree, files);
    }

    /** The name of the configured layout, as people write it. */
    String layoutName() {
        return layout.toString();
    }

    /** The tree without the files of an image set. */
    ObjectId without(ObjectReader reader, ObjectInserter inserter, ObjectId tree, WavePath path) throws IOException {
        var files = new TreeMap<String, Optional<ObjectId>>();
        find(reader, tree, path).blobs().keySet().forEach(file -> files.put(file, Optional.empty()));
        return files.isEmpty() ? tree : new TreeEdit(reader, inserter).apply(tree, files);
    }

    private ImageSet remember(Map<String, ObjectId> blobs, ImageSet set) {
        if (cache.put(blobs, set) == null) {
            cachedImages += set.images().size();
        }
        var eldest = cache.values().iterator();
        while (cachedImages > MAX_IMAGES) {
            cachedImages -= eldest.next().images().size();
            eldest.remove();
        }
        return set;
    }
}
