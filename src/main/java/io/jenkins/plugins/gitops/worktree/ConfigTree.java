package io.jenkins.plugins.gitops.worktree;

import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.matching.WorkBudget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    /** The highest number of files that a body may change. */
    public static final int MAX_FILES = 10_000;

    /** The largest total size of the files that a body changed, in bytes. */
    public static final int MAX_BYTES = 32 << 20;

    /** The largest size of a file that is sent to an agent, in bytes. */
    private static final int MAX_FILE = 128 << 20;

    /** The largest total size of the ignore files, in bytes. */
    private static final int MAX_RULES = 4 << 20;

    /** The budget of steps for matching all files with all rules: about a second. */
    private static final long MAX_MATCHING = 300_000_000;

    private final Repository git;
    private final ObjectId base;
    private final Set<String> imageFiles;
    private final SortedMap<String, FileEntry> files = new TreeMap<>();
    private final Map<String, ObjectId> submodules = new HashMap<>();

    /** The paths of files whose names or sizes keep them from a workspace: a body neither sees nor changes them. */
    private final SortedSet<String> leftOut = new TreeSet<>();

    /** The files whose content in a workspace differs because of attributes, by path. */
    private final Map<String, ConvertedBlob> converted = new HashMap<>();

    private record ConvertedBlob(ObjectId id, ContentConversion conversion) {}

    /**
     * The files of the workspace that are to be committed, and those that are to be deleted.
     *
     * @param ignored the paths of further files that git ignores
     */
    public record Wanted(SortedMap<String, FileEntry> changed, Set<String> deleted, Set<String> ignored) {}

    /**
     * Reads the list of files of a tree.
     *
     * @param base the commit from which the tree was made
     * @param imageFiles the paths of all image files, which bodies cannot change
     * @throws RequestRefused if its attribute files cannot be applied
     */
    public ConfigTree(Repository git, ObjectId base, ObjectId tree, Set<String> imageFiles)
            throws IOException, RequestRefused {
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
        convertFiles();
    }

    private void convertFiles() throws IOException, RequestRefused {
        AttributeRules rules = attributeRules(files, Map.of());
        for (Map.Entry<String, FileEntry> file : files.entrySet()) {
            FileEntry entry = file.getValue();
            if (entry.kind() == FileEntry.Kind.LINK || entry.size() > MAX_BYTES) {
                continue;
            }
            ContentConversion conversion = conversion(rules, file.getKey());
            if (conversion.changesWorkTree()) {
                converted.put(file.getKey(), new ConvertedBlob(ObjectId.fromString(entry.id()), conversion));
                file.setValue(FileEntry.of(entry.kind(), content(file.getKey())));
            }
        }
    }

    private static ContentConversion conversion(AttributeRules rules, String path) throws RequestRefused {
        try {
            return new ContentConversion(rules.of(RuleLines.bytes(path)));
        } catch (WorkBudget.ExceededException e) {
            throw new RequestRefused("The .gitattributes files of the config repository take too long to follow; write "
                    + "simpler patterns.");
        }
    }

    /** The rules of the attribute files of a tree, some of which the body may have changed. */
    private AttributeRules attributeRules(Map<String, FileEntry> present, Map<String, BodyChanges.File> changed)
            throws IOException, RequestRefused {
        var rules = new AttributeRules(new WorkBudget(MAX_MATCHING));
        long size = 0;
        for (Map.Entry<String, FileEntry> file : present.entrySet()) {
            String path = file.getKey();
            if (!isFile(AttributeRules.FILE, path) || file.getValue().kind() == FileEntry.Kind.LINK) {
                continue;
            }
            size += file.getValue().size();
            if (size > MAX_RULES) {
                throw new RequestRefused("The .gitattributes files of the config repository have more than the "
                        + (MAX_RULES >> 20) + " MiB that are followed.");
            }
            BodyChanges.File written = changed.get(path);
            rules.add(RuleLines.bytes(path), written == null ? content(path) : written.content());
        }
        return rules;
    }

    private static boolean isFile(String name, String path) {
        return path.equals(name) || path.endsWith("/" + name);
    }

    private void add(ObjectReader reader, TreeWalk walk) throws IOException {
        byte[] raw = walk.getRawPath();
        String path = RawParseUtils.decode(raw);
        ObjectId id = walk.getObjectId(0);
        boolean submodule = walk.getFileMode() == FileMode.GITLINK;
        long size = submodule ? 0 : reader.getObjectSize(id, Constants.OBJ_BLOB);
        if (!Arrays.equals(path.getBytes(StandardCharsets.UTF_8), raw)
                || CommitPathRules.layoutProblem(path).isPresent()
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

    /** The paths of the files that are left out of workspaces because of their names or sizes. */
    public SortedSet<String> leftOut() {
        return leftOut;
    }

    /** The content of a file in a workspace, after conversion by attributes. */
    public byte[] content(String path) throws IOException {
        ConvertedBlob known = converted.get(path);
        return known == null ? blob(path) : known.conversion().toWorkTree(blob(path));
    }

    /** The content of a file in git. */
    private byte[] blob(String path) throws IOException {
        try (ObjectReader reader = git.newObjectReader()) {
            return reader.open(blobId(path), Constants.OBJ_BLOB).getBytes(MAX_FILE);
        }
    }

    private ObjectId blobId(String path) {
        ConvertedBlob known = converted.get(path);
        return known == null ? ObjectId.fromString(files.get(path).id()) : known.id();
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
        var ignored = new TreeSet<>(changed.keySet());
        removeIgnored(changed, content);
        ignored.removeAll(changed.keySet());
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
        checkPaths(changed.keySet(), deleted.keySet());
        return new Wanted(changed, deleted.keySet(), ignored);
    }

    /**
     * Those of some changed files that are not committed although git does not ignore them, since no pattern covers
     * them. Not image files, which the step itself writes.
     */
    public List<String> notCommitted(PathPatterns paths, SortedSet<String> changed)
            throws IOException, InterruptedException, RequestRefused {
        var left = new TreeMap<String, FileEntry>();
        for (String path : changed) {
            if (!paths.match(path) && !imageFiles.contains(path) && !inSubmodule(path)) {
                left.put(path, new FileEntry(FileEntry.Kind.LINK, "", 0));
            }
        }
        removeIgnored(left, none -> Map.of());
        return List.copyOf(left.keySet());
    }

    /** Provides the contents of files of a workspace; a file that is longer than listed is cut at the listed size. */
    public interface Contents {
        Map<String, BodyChanges.File> of(SortedMap<String, FileEntry> files) throws IOException, InterruptedException;
    }

    private boolean inSubmodule(String path) {
        return PathConflicts.prefixes(path).stream().anyMatch(submodules::containsKey);
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
        // Git reads no rules from symbolic links.
        present.entrySet()
                .removeIf(file -> !isFile(IgnoreRules.FILE, file.getKey())
                        || file.getValue().kind() == FileEntry.Kind.LINK);
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

    /**
     * Checks the contents that were read for the selected files, and combines them to the changes.
     *
     * @throws RequestRefused if a file must not be committed
     */
    public BodyChanges checked(Wanted wanted, Map<String, BodyChanges.File> contents)
            throws IOException, RequestRefused {
        var changes = new TreeMap<String, Optional<BodyChanges.File>>();
        wanted.deleted().forEach(path -> changes.put(path, Optional.empty()));
        var after = new TreeMap<>(files);
        after.keySet().removeAll(wanted.deleted());
        after.putAll(wanted.changed());
        AttributeRules rules = attributeRules(after, contents);
        for (Map.Entry<String, FileEntry> listed : wanted.changed().entrySet()) {
            String path = listed.getKey();
            BodyChanges.File file = contents.get(path);
            if (file == null || !FileEntry.of(file.kind(), file.content()).equals(listed.getValue())) {
                throw refused(path, "changed while it was read: the body must not leave processes behind");
            }
            BodyChanges.File made = file.kind() == FileEntry.Kind.LINK ? file : toGit(path, file, rules);
            if (!isUnchanged(path, made)) {
                changes.put(path, Optional.of(made));
            }
        }
        checkLinks(wanted, contents);
        return new BodyChanges(base, changes);
    }

    private void checkPaths(Set<String> changed, Set<String> deleted) throws RequestRefused {
        for (String path : changed) {
            Optional<String> problem = CommitPathRules.problem(path);
            if (problem.isPresent()) {
                throw refused(path, problem.get());
            }
        }
        var after = new TreeSet<>(files.keySet());
        after.removeAll(deleted);
        after.addAll(changed);
        after.addAll(submodules.keySet());
        after.addAll(leftOut);
        // Image files that are not there yet need their places, too.
        after.addAll(imageFiles);
        var known = new HashSet<>(files.keySet());
        known.addAll(imageFiles);
        PathConflicts.check(changed, after, known);
    }

    private BodyChanges.File toGit(String path, BodyChanges.File file, AttributeRules rules)
            throws IOException, RequestRefused {
        ContentConversion conversion = conversion(rules, path);
        Optional<String> problem = conversion.problem(file.content());
        if (problem.isPresent()) {
            throw refused(path, problem.get());
        }
        FileEntry known = files.get(path);
        byte[] before = known == null || known.kind() == FileEntry.Kind.LINK ? new byte[0] : blob(path);
        return new BodyChanges.File(file.kind(), conversion.toGit(file.content(), before));
    }

    /** Whether a file equals that in git after conversion, although its content in the workspace differs. */
    private boolean isUnchanged(String path, BodyChanges.File file) {
        FileEntry known = files.get(path);
        return known != null
                && known.kind() == file.kind()
                && blobId(path)
                        .name()
                        .equals(FileEntry.of(file.kind(), file.content()).id());
    }

    /** Refuses links that leave the repository in the new tree, unless they did so before. */
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
            Optional<String> problem = targetsAfter.problem(path);
            boolean changed = !after.get(path).equals(before.get(path));
            if (problem.isPresent() && (changed || targetsBefore.problem(path).isEmpty())) {
                throw refused(path, problem.get());
            }
        }
    }

    private static String target(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }

    static RequestRefused refused(String path, String problem) {
        return new RequestRefused(
                "The body made " + SingleLine.of(path) + ", which cannot be committed: it " + problem + ".");
    }

    /** The modes in git trees of the kinds of files. */
    public static final Map<FileEntry.Kind, FileMode> MODES = Map.of(
            FileEntry.Kind.REGULAR, FileMode.REGULAR_FILE,
            FileEntry.Kind.EXECUTABLE, FileMode.EXECUTABLE_FILE,
            FileEntry.Kind.LINK, FileMode.SYMLINK);
}
