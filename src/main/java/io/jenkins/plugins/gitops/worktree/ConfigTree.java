package io.jenkins.plugins.gitops.worktree;

import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.matching.WorkBudget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.util.RawParseUtils;

/**
 * The tree of the config repository that the body of a step gets, and the checks of the files that the body changed.
 */
public final class ConfigTree {

    /** The number of files that a body may change. */
    public static final int MAX_FILES = 10_000;

    /** The size of all files together that a body changed, in bytes. */
    public static final int MAX_BYTES = 32 << 20;

    /** The size of a file that is sent to an agent, in bytes. */
    private static final int MAX_FILE = 128 << 20;

    /** How large all ignore files together may be, in bytes. */
    private static final int MAX_RULES = 4 << 20;

    /** What matching all files with all rules may take: about a second. */
    private static final long MAX_MATCHING = 300_000_000;

    private final Repository git;
    private final ObjectId base;
    private final Set<String> imageFiles;
    private final SortedMap<String, FileEntry> files = new TreeMap<>();
    private final Map<String, ObjectId> submodules = new HashMap<>();

    /** The paths of files whose names or sizes keep them from a workspace: a body neither sees nor changes them. */
    private final SortedSet<String> leftOut = new TreeSet<>();

    /** The files of the workspace that are to be committed, and those that are to be deleted. */
    public record Wanted(SortedMap<String, FileEntry> changed, Set<String> deleted) {}

    /**
     * Reads the list of files of a tree.
     *
     * @param base the commit from which the tree was made
     * @param imageFiles the paths of all image files, which bodies cannot change
     */
    public ConfigTree(Repository git, ObjectId base, ObjectId tree, Set<String> imageFiles) throws IOException {
        this.git = git;
        this.base = base;
        this.imageFiles = imageFiles;
        try (ObjectReader reader = git.newObjectReader();
                var walk = new TreeWalk(reader)) {
            walk.addTree(tree);
            walk.setRecursive(true);
            while (walk.next()) {
                add(reader, walk);
            }
        }
    }

    private void add(ObjectReader reader, TreeWalk walk) throws IOException {
        byte[] raw = walk.getRawPath();
        String path = RawParseUtils.decode(raw);
        ObjectId id = walk.getObjectId(0);
        boolean submodule = walk.getFileMode() == FileMode.GITLINK;
        long size = submodule ? 0 : reader.getObjectSize(id, Constants.OBJ_BLOB);
        if (!Arrays.equals(path.getBytes(StandardCharsets.UTF_8), raw)
                || CommitPathRules.layoutProblem(path) != null
                || size > MAX_FILE) {
            leftOut.add(path);
        } else if (submodule) {
            submodules.put(path, id);
        } else {
            files.put(path, new FileEntry(kind(walk.getFileMode()), id.name(), size));
        }
    }

    private static FileEntry.Kind kind(FileMode mode) {
        if (mode == FileMode.SYMLINK) {
            return FileEntry.Kind.LINK;
        }
        return mode == FileMode.EXECUTABLE_FILE ? FileEntry.Kind.EXECUTABLE : FileEntry.Kind.REGULAR;
    }

    /** The commit from which the tree was made. */
    public ObjectId base() {
        return base;
    }

    /** All files, by path. */
    public SortedMap<String, FileEntry> files() {
        return files;
    }

    /** The files that a body may change, by path. */
    public SortedMap<String, FileEntry> files(PathPatterns paths) {
        var some = new TreeMap<String, FileEntry>();
        files.forEach((path, file) -> {
            if (paths.match(path) && !imageFiles.contains(path)) {
                some.put(path, file);
            }
        });
        return some;
    }

    /** The paths of its files that are kept from workspaces, because of their names or sizes. */
    public SortedSet<String> leftOut() {
        return leftOut;
    }

    /** The content of a file of the tree. */
    public byte[] content(String path) throws IOException {
        FileEntry file = files.get(path);
        try (ObjectReader reader = git.newObjectReader()) {
            return reader.open(ObjectId.fromString(file.id()), Constants.OBJ_BLOB)
                    .getBytes(MAX_FILE);
        }
    }

    /**
     * Selects the files that a body changed and that are to be committed. Ignored files, image files and files in
     * submodules are skipped; other files that must not be committed are refused.
     *
     * @param found the files of the workspace that differ from the tree, by path
     * @param gone the files of the tree that the workspace does not have
     * @param content provides the contents of found files
     */
    public Wanted wanted(PathPatterns paths, SortedMap<String, FileEntry> found, Set<String> gone, Contents content)
            throws IOException, InterruptedException, RequestRefused {
        Predicate<String> ours = path -> paths.match(path) && !imageFiles.contains(path) && !inSubmodule(path);
        var changed = new TreeMap<String, FileEntry>();
        for (Map.Entry<String, FileEntry> file : found.entrySet()) {
            FileEntry known = files.get(file.getKey());
            if (ours.test(file.getKey()) && !file.getValue().equals(known)) {
                changed.put(file.getKey(), file.getValue());
            }
        }
        removeIgnored(changed, content);
        var deleted = new TreeMap<>(files);
        deleted.keySet().retainAll(gone);
        deleted.keySet().removeIf(ours.negate().or(changed::containsKey));
        if (changed.size() + deleted.size() > MAX_FILES) {
            throw new RequestRefused("The body changed " + (changed.size() + deleted.size()) + " files, more than the "
                    + MAX_FILES + " that one change may have; narrow bodyPaths.");
        }
        long size = changed.values().stream().mapToLong(FileEntry::size).sum();
        if (size > MAX_BYTES || size < 0) {
            throw new RequestRefused("What the body changed is larger than the " + (MAX_BYTES >> 20)
                    + " MiB that one change may have; narrow bodyPaths, or have large files ignored.");
        }
        checkPlaces(changed.keySet(), deleted.keySet());
        return new Wanted(changed, deleted.keySet());
    }

    /** Provides the contents of files of a workspace; a file that is longer than listed is cut at the listed size. */
    public interface Contents {
        Map<String, BodyChanges.File> of(SortedMap<String, FileEntry> files) throws IOException, InterruptedException;
    }

    private boolean inSubmodule(String path) {
        return prefixes(path).stream().anyMatch(submodules::containsKey);
    }

    private void removeIgnored(SortedMap<String, FileEntry> changed, Contents content)
            throws IOException, InterruptedException, RequestRefused {
        try {
            IgnoreRules rules = ignoreRules(changed, content);
            changed.keySet().removeIf(path -> !files.containsKey(path) && rules.ignore(path));
        } catch (WorkBudget.ExceededException e) {
            throw new RequestRefused("The .gitignore files of the config repository take too long for the "
                    + changed.size() + " files that the body made; narrow bodyPaths, or write simpler patterns.");
        }
    }

    private IgnoreRules ignoreRules(SortedMap<String, FileEntry> changed, Contents content)
            throws IOException, InterruptedException, RequestRefused {
        var present = new TreeMap<>(files);
        present.putAll(changed);
        // Git takes rules from no link.
        present.entrySet()
                .removeIf(
                        file -> !isIgnoreFile(file.getKey()) || file.getValue().kind() == FileEntry.Kind.LINK);
        long size = present.values().stream().mapToLong(FileEntry::size).sum();
        if (size > MAX_RULES) {
            throw new RequestRefused("The .gitignore files of the config repository have " + size
                    + " bytes together, more than the " + (MAX_RULES >> 20) + " MiB that are followed.");
        }
        var rules = new IgnoreRules(new WorkBudget(MAX_MATCHING));
        var written = new TreeMap<>(present);
        written.keySet().retainAll(changed.keySet());
        for (String path : present.keySet()) {
            if (!written.containsKey(path)) {
                rules.add(path, content(path));
            }
        }
        for (Map.Entry<String, BodyChanges.File> file : content.of(written).entrySet()) {
            rules.add(file.getKey(), file.getValue().content());
        }
        return rules;
    }

    private static boolean isIgnoreFile(String path) {
        return path.equals(IgnoreRules.FILE) || path.endsWith("/" + IgnoreRules.FILE);
    }

    /** Refuses files that conflict with other files or folders of the tree, also on file systems that ignore case. */
    private void checkPlaces(Set<String> changed, Set<String> deleted) throws RequestRefused {
        for (String path : changed) {
            String problem = CommitPathRules.problem(path);
            if (problem != null) {
                throw refused(path, problem);
            }
        }
        var after = new TreeSet<>(files.keySet());
        after.removeAll(deleted);
        after.addAll(changed);
        after.addAll(submodules.keySet());
        after.addAll(leftOut);
        for (String path : changed) {
            String below = after.ceiling(path + "/");
            if (below != null && below.startsWith(path + "/")) {
                throw refused(path, "would take the place of a folder that has " + below);
            }
            for (String folder : prefixes(path)) {
                if (!folder.equals(path) && after.contains(folder)) {
                    throw refused(path, "would lie below " + folder + ", which is no folder");
                }
            }
        }
        var present = new HashSet<String>();
        after.stream().filter(files::containsKey).forEach(path -> present.addAll(prefixes(path)));
        var names = new HashMap<String, String>();
        present.forEach(name -> names.put(CommitPathRules.folded(name), name));
        for (String path : changed) {
            for (String name : prefixes(path)) {
                String other = names.putIfAbsent(CommitPathRules.folded(name), name);
                if (other != null && !other.equals(name) && !present.contains(name)) {
                    throw refused(path, "and " + other + " differ only in ways that some file systems do not see");
                }
            }
        }
    }

    /** The path of a file and the paths of all its folders. */
    private static List<String> prefixes(String path) {
        var prefixes = new ArrayList<String>();
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            prefixes.add(path.substring(0, slash));
        }
        prefixes.add(path);
        return prefixes;
    }

    /**
     * Checks the contents that were read for the selected files, and combines them to the changes.
     *
     * @throws RequestRefused if a file must not be committed
     */
    public BodyChanges checked(Wanted wanted, Map<String, BodyChanges.File> contents)
            throws IOException, RequestRefused {
        var changes = new TreeMap<String, Optional<BodyChanges.File>>();
        wanted.deleted().forEach(path -> changes.put(path, Optional.empty()));
        for (Map.Entry<String, FileEntry> listed : wanted.changed().entrySet()) {
            String path = listed.getKey();
            BodyChanges.File file = contents.get(path);
            if (file == null || !FileEntry.of(file.kind(), file.content()).equals(listed.getValue())) {
                throw refused(path, "changed while it was read: the body must not leave processes behind");
            }
            changes.put(path, Optional.of(file));
        }
        checkLinks(wanted, contents);
        return new BodyChanges(base, changes);
    }

    /** Refuses links that leave the repository in the tree as it will be, unless they did so before. */
    private void checkLinks(Wanted wanted, Map<String, BodyChanges.File> contents) throws IOException, RequestRefused {
        var before = new TreeMap<String, String>();
        for (Map.Entry<String, FileEntry> file : files.entrySet()) {
            if (file.getValue().kind() == FileEntry.Kind.LINK) {
                boolean large = file.getValue().size() > CommitPathRules.MAX_LENGTH;
                before.put(file.getKey(), large ? "" : target(content(file.getKey())));
            }
        }
        var after = new TreeMap<>(before);
        after.keySet().removeAll(wanted.deleted());
        after.keySet().removeAll(wanted.changed().keySet());
        wanted.changed().forEach((path, file) -> {
            if (file.kind() == FileEntry.Kind.LINK) {
                after.put(path, target(contents.get(path).content()));
            }
        });
        var targetsBefore = new LinkTargets(before);
        var targetsAfter = new LinkTargets(after);
        for (String path : after.keySet()) {
            String problem = targetsAfter.problem(path);
            boolean changed = !after.get(path).equals(before.get(path));
            if (problem != null && (changed || targetsBefore.problem(path) == null)) {
                throw refused(path, problem);
            }
        }
    }

    private static String target(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }

    private static RequestRefused refused(String path, String problem) {
        return new RequestRefused(
                "The body made " + SingleLine.of(path) + ", which cannot be committed: it " + problem + ".");
    }

    /** The modes in git trees of the kinds of files. */
    public static final Map<FileEntry.Kind, FileMode> MODES = Map.of(
            FileEntry.Kind.REGULAR, FileMode.REGULAR_FILE,
            FileEntry.Kind.EXECUTABLE, FileMode.EXECUTABLE_FILE,
            FileEntry.Kind.LINK, FileMode.SYMLINK);
}
