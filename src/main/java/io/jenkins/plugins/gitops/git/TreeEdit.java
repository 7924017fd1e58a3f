package io.jenkins.plugins.gitops.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.worktree.BodyChanges;
import io.jenkins.plugins.gitops.worktree.ConfigTree;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Writes files into a tree; reads and writes only the trees on their paths.
 *
 * <p>Names in git trees are bytes of any encoding. Here a name is a string with one character for each byte (ISO
 * 8859-1), so that names sort as in git and are written as they were read.
 */
public final class TreeEdit {

    /** An entry of a tree. */
    public record Entry(FileMode mode, ObjectId id) {
        public boolean isTree() {
            return mode.equals(FileMode.TREE);
        }

        public boolean isFile() {
            return mode.equals(FileMode.REGULAR_FILE) || mode.equals(FileMode.EXECUTABLE_FILE);
        }
    }

    private final ObjectReader reader;
    private final ObjectInserter inserter;

    public TreeEdit(ObjectReader reader, ObjectInserter inserter) {
        this.reader = reader;
        this.inserter = inserter;
    }

    /**
     * Writes files into a tree.
     *
     * @param root the tree, {@link ObjectId#zeroId()} for the empty one
     * @param files blobs by path; an empty value removes the file, or the folder if the path ends in a slash, and folders
     *     that become empty
     * @return the new tree
     */
    public ObjectId apply(ObjectId root, Map<String, Optional<ObjectId>> files) throws IOException {
        var entries = new TreeMap<String, Optional<Entry>>();
        files.forEach((path, blob) -> entries.put(path, blob.map(id -> new Entry(FileMode.REGULAR_FILE, id))));
        return applyEntries(root, entries);
    }

    /** As {@link #apply}, with files of any mode. */
    public ObjectId applyEntries(ObjectId root, Map<String, Optional<Entry>> files) throws IOException {
        var bytes = new TreeMap<String, Optional<Entry>>();
        files.forEach((path, file) -> bytes.put(bytes(path), file));
        return write(edited(root, bytes));
    }

    /** Writes the files that a body changed into a tree; returns the new tree. */
    public ObjectId applyBody(ObjectId root, BodyChanges body) throws IOException {
        var entries = new TreeMap<String, Optional<Entry>>();
        for (Map.Entry<String, Optional<BodyChanges.File>> change : body.files().entrySet()) {
            Optional<Entry> entry = Optional.empty();
            if (change.getValue().isPresent()) {
                BodyChanges.File file = change.getValue().get();
                ObjectId blob = inserter.insert(Constants.OBJ_BLOB, file.content());
                entry = Optional.of(new Entry(ConfigTree.MODES.get(file.kind()), blob));
            }
            entries.put(change.getKey(), entry);
        }
        return applyEntries(root, entries);
    }

    private TreeMap<String, Entry> edited(@Nullable ObjectId tree, Map<String, Optional<Entry>> files)
            throws IOException {
        TreeMap<String, Entry> entries = read(reader, tree);
        var folders = new TreeMap<String, Map<String, Optional<Entry>>>();
        files.forEach((path, file) -> {
            int slash = path.indexOf('/');
            if (slash >= 0 && slash == path.length() - 1) {
                entries.remove(path);
            } else if (slash >= 0) {
                folders.computeIfAbsent(path.substring(0, slash), name -> new TreeMap<>())
                        .put(path.substring(slash + 1), file);
            } else if (file.isPresent()) {
                entries.remove(sortName(path, true));
                entries.put(sortName(path, false), file.get());
            } else {
                entries.remove(sortName(path, false));
            }
        });
        for (var folder : folders.entrySet()) {
            String key = sortName(folder.getKey(), true);
            Entry known = entries.get(key);
            TreeMap<String, Entry> inner = edited(known == null ? null : known.id(), folder.getValue());
            if (inner.isEmpty()) {
                entries.remove(key);
            } else {
                entries.remove(sortName(folder.getKey(), false));
                entries.put(key, new Entry(FileMode.TREE, write(inner)));
            }
        }
        return entries;
    }

    /**
     * Replaces the file or folder at a path by one entry of any kind.
     *
     * @param path in the internal form
     * @param entry nothing removes what lies there
     * @return the new tree
     */
    public ObjectId replace(ObjectId root, String path, Optional<Entry> entry) throws IOException {
        return write(replaced(root, path, entry));
    }

    private TreeMap<String, Entry> replaced(@Nullable ObjectId tree, String path, Optional<Entry> entry)
            throws IOException {
        TreeMap<String, Entry> entries = read(reader, tree);
        int slash = path.indexOf('/');
        String name = slash < 0 ? path : path.substring(0, slash);
        Optional<Entry> put = entry;
        if (slash >= 0) {
            Entry folder = entries.get(sortName(name, true));
            var inner = replaced(folder == null ? null : folder.id(), path.substring(slash + 1), entry);
            put = inner.isEmpty() ? Optional.empty() : Optional.of(new Entry(FileMode.TREE, write(inner)));
        }
        entries.remove(sortName(name, true));
        entries.remove(sortName(name, false));
        put.ifPresent(its -> entries.put(sortName(name, its.isTree()), its));
        return entries;
    }

    /** Writes a tree of entries keyed by {@link #sortName}. */
    public ObjectId write(TreeMap<String, Entry> entries) throws IOException {
        var formatter = new TreeFormatter();
        entries.forEach((key, entry) -> {
            byte[] name = key.getBytes(ISO_8859_1);
            int length = key.endsWith("/") ? name.length - 1 : name.length;
            formatter.append(name, 0, length, entry.mode(), entry.id());
        });
        return inserter.insert(formatter);
    }

    /** Reads a tree into entries keyed by {@link #sortName}. */
    public static TreeMap<String, Entry> read(ObjectReader reader, @Nullable ObjectId tree) throws IOException {
        var entries = new TreeMap<String, Entry>();
        if (tree == null || tree.equals(ObjectId.zeroId())) {
            return entries;
        }
        var parser = new CanonicalTreeParser(null, reader, tree);
        for (; !parser.eof(); parser.next()) {
            FileMode mode = parser.getEntryFileMode();
            var name = new byte[parser.getNameLength()];
            parser.getName(name, 0);
            entries.put(
                    sortName(new String(name, ISO_8859_1), mode.equals(FileMode.TREE)),
                    new Entry(mode, parser.getEntryObjectId()));
        }
        return entries;
    }

    /** Converts a path to the internal form, with a character for each byte of UTF-8. */
    public static String bytes(String path) {
        return new String(path.getBytes(UTF_8), ISO_8859_1);
    }

    /** Converts the internal form of a path to text, for messages. */
    public static String shown(String bytes) {
        return new String(bytes.getBytes(ISO_8859_1), UTF_8);
    }

    /** The name by which git sorts an entry: that of a folder ends in a slash. */
    static String sortName(String name, boolean folder) {
        return folder ? name + "/" : name;
    }

    /**
     * Reads a file of at most {@link Json#MAX_STORED_BYTES}.
     *
     * @throws MalformedJsonException if it is no file, or larger than {@link Json#MAX_STORED_BYTES}
     */
    public static byte[] readJson(ObjectReader reader, Entry entry) throws IOException {
        if (!entry.isFile()) {
            throw new MalformedJsonException("is not a file");
        }
        ObjectLoader file = reader.open(entry.id(), Constants.OBJ_BLOB);
        Json.checkStorable(file.getSize());
        return file.getCachedBytes(Json.MAX_STORED_BYTES);
    }

    /** The entry at a path in the internal form, which need not be that of a text, or null if there is none. */
    @CheckForNull
    public static Entry findBytes(ObjectReader reader, ObjectId tree, String path) throws IOException {
        String text = shown(path);
        if (bytes(text).equals(path)) {
            return find(reader, tree, text);
        }
        int slash = path.indexOf('/');
        TreeMap<String, Entry> entries = read(reader, tree);
        if (slash < 0) {
            Entry file = entries.get(sortName(path, false));
            return file != null ? file : entries.get(sortName(path, true));
        }
        Entry folder = entries.get(sortName(path.substring(0, slash), true));
        return folder == null ? null : findBytes(reader, folder.id(), path.substring(slash + 1));
    }

    /** The entry at a path, or null if there is none. */
    @CheckForNull
    public static Entry find(ObjectReader reader, ObjectId tree, String path) throws IOException {
        if (tree.equals(ObjectId.zeroId())) {
            return null;
        }
        try (TreeWalk walk = TreeWalk.forPath(reader, path, tree)) {
            return walk == null ? null : new Entry(walk.getFileMode(0), walk.getObjectId(0));
        }
    }
}
