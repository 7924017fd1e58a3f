package io.jenkins.plugins.gitops.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.matching.WorkBudget;
import io.jenkins.plugins.gitops.worktree.AttributeRules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.merge.MergeAlgorithm;
import org.eclipse.jgit.merge.MergeFormatter;
import org.eclipse.jgit.merge.MergeResult;

/**
 * Three-way merge of trees without a work tree. It reads only folders in which both sides differ from the base, so that
 * its cost depends on the changes and not on the size of the repository. JGit merges the contents of text files.
 *
 * <p>Texts that need too much work to be compared conflict.
 */
public final class TreeMerge {

    /**
     * The result of a merge.
     *
     * @param tree the merged tree, nothing on a conflict
     * @param conflicts the paths that conflict
     */
    public record Result(Optional<ObjectId> tree, List<String> conflicts) {}

    private static final int MAX_TEXT = 16 << 20;

    /**
     * Steps that the texts of one merge may take: seconds. The limit counts steps, not time, so that every controller
     * gets the same result.
     */
    private static final long MAX_WORK = 50_000_000;

    /** A file with a zero among so many first bytes is binary. */
    private static final int BYTES_OF_BINARY = 8000;

    private final ObjectReader reader;
    private final ObjectInserter inserter;
    private final TreeEdit edit;
    private final List<String> conflicts = new ArrayList<>();
    private final WorkBudget budget = new WorkBudget(MAX_WORK);
    private MergeAttributes attributes = new MergeAttributes(ObjectId.zeroId());

    public TreeMerge(ObjectReader reader, ObjectInserter inserter) {
        this.reader = reader;
        this.inserter = inserter;
        this.edit = new TreeEdit(reader, inserter);
    }

    /** Applies to {@code ours} what {@code theirs} changed of {@code base}. */
    public Result merge(ObjectId base, ObjectId ours, ObjectId theirs) throws IOException {
        conflicts.clear();
        attributes = new MergeAttributes(ours);
        ObjectId tree = trees(base, ours, theirs, "");
        List<String> paths = conflicts.stream().map(TreeEdit::shown).toList();
        return new Result(paths.isEmpty() ? Optional.of(tree) : Optional.empty(), paths);
    }

    private ObjectId trees(@Nullable ObjectId base, ObjectId ours, ObjectId theirs, String path) throws IOException {
        if (theirs.equals(base) || ours.equals(theirs)) {
            return ours;
        }
        if (ours.equals(base)) {
            return theirs;
        }
        return edit.write(entries(base, ours, theirs, path));
    }

    private TreeMap<String, TreeEdit.Entry> entries(
            @Nullable ObjectId base, @Nullable ObjectId ours, @Nullable ObjectId theirs, String path)
            throws IOException {
        var baseEntries = TreeEdit.read(reader, base);
        var ourEntries = TreeEdit.read(reader, ours);
        var theirEntries = TreeEdit.read(reader, theirs);
        var names = new TreeSet<String>();
        names.addAll(baseEntries.keySet());
        names.addAll(ourEntries.keySet());
        names.addAll(theirEntries.keySet());
        TreeMap<String, TreeEdit.Entry> merged = TreeEdit.read(reader, null);
        for (String name : names) {
            TreeEdit.Entry entry =
                    entry(baseEntries.get(name), ourEntries.get(name), theirEntries.get(name), path + name);
            if (entry != null) {
                merged.put(name, entry);
            }
        }
        // One side made a file where the other has a folder: both sort names survive the merge of single names.
        for (String name : merged.keySet()) {
            if (name.endsWith("/") && merged.containsKey(name.substring(0, name.length() - 1))) {
                conflicts.add(path + name.substring(0, name.length() - 1));
            }
        }
        return merged;
    }

    @CheckForNull
    private TreeEdit.Entry entry(
            @Nullable TreeEdit.Entry base, @Nullable TreeEdit.Entry ours, @Nullable TreeEdit.Entry theirs, String path)
            throws IOException {
        if (same(theirs, base) || same(ours, theirs)) {
            return ours;
        }
        if (same(ours, base)) {
            return theirs;
        }
        boolean folder = path.endsWith("/");
        if (folder) {
            TreeMap<String, TreeEdit.Entry> inner = entries(id(base), id(ours), id(theirs), path);
            return inner.isEmpty() ? null : new TreeEdit.Entry(FileMode.TREE, edit.write(inner));
        }
        if (ours == null || theirs == null || !ours.isFile() || !theirs.isFile() || base != null && !base.isFile()) {
            conflicts.add(path);
            return ours;
        }
        if (base == null && !ours.mode().equals(theirs.mode())) {
            // Nobody knows whether a file that both sides made is executable.
            conflicts.add(path);
            return ours;
        }
        FileMode mode = base != null && ours.mode().equals(base.mode()) ? theirs.mode() : ours.mode();
        Optional<ObjectId> text = texts(path, id(base), ours.id(), theirs.id());
        if (text.isEmpty()) {
            conflicts.add(path);
            return ours;
        }
        return new TreeEdit.Entry(mode, text.get());
    }

    private static boolean same(@Nullable TreeEdit.Entry a, @Nullable TreeEdit.Entry b) {
        return a == null ? b == null : a.equals(b);
    }

    @CheckForNull
    private static ObjectId id(@Nullable TreeEdit.Entry entry) {
        return entry == null ? null : entry.id();
    }

    private Optional<ObjectId> texts(String path, @Nullable ObjectId base, ObjectId ours, ObjectId theirs)
            throws IOException {
        if (ours.equals(theirs) || theirs.equals(base)) {
            return Optional.of(ours);
        }
        if (ours.equals(base)) {
            return Optional.of(theirs);
        }
        try {
            byte[] baseBytes = base == null ? new byte[0] : bytes(base);
            byte[] ourBytes = bytes(ours);
            byte[] theirBytes = bytes(theirs);
            Optional<Strategy> strategy = attributes.strategy(path);
            if (strategy.isEmpty() || isBinary(baseBytes) || isBinary(ourBytes) || isBinary(theirBytes)) {
                return Optional.empty();
            }
            Optional<byte[]> merged =
                    texts(strategy.get(), new RawText(baseBytes), new RawText(ourBytes), new RawText(theirBytes));
            return merged.isEmpty() ? Optional.empty() : Optional.of(inserter.insert(Constants.OBJ_BLOB, merged.get()));
        } catch (LargeObjectException | WorkBudget.ExceededException e) {
            return Optional.empty();
        }
    }

    private Optional<byte[]> texts(Strategy strategy, RawText base, RawText ours, RawText theirs) throws IOException {
        var diff = new BoundedDiff(budget);
        MergeResult<RawText> result = new MergeAlgorithm(diff).merge(RawTextComparator.DEFAULT, base, ours, theirs);
        if (result.containsConflicts()) {
            return strategy == Strategy.UNION
                    ? Optional.of(new UnionMerge(diff, ours, theirs).resolve(result))
                    : Optional.empty();
        }
        var merged = new ByteArrayOutputStream();
        new MergeFormatter().formatMerge(merged, result, List.of("base", "ours", "theirs"), StandardCharsets.UTF_8);
        return Optional.of(merged.toByteArray());
    }

    /** The treatment of lines that both sides changed. */
    private enum Strategy {
        CONFLICT,
        UNION
    }

    /**
     * The ways to merge files, by their attribute {@code merge}. As in git, the attribute files of our side decide.
     * Merge drivers that need configuration are not supported.
     */
    private final class MergeAttributes {

        private final ObjectId tree;
        private final AttributeRules rules = new AttributeRules(budget);
        private final Set<String> read = new HashSet<>();

        MergeAttributes(ObjectId tree) {
            this.tree = tree;
        }

        /** Nothing for a file that is not merged, so that changes on both sides conflict. */
        Optional<Strategy> strategy(String path) throws IOException {
            read(AttributeRules.FILE);
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                read(path.substring(0, slash + 1) + AttributeRules.FILE);
            }
            String merge = rules.of(path).getOrDefault("merge", "");
            if (merge.equals(AttributeRules.UNSET) || merge.equals("binary")) {
                return Optional.empty();
            }
            return Optional.of(merge.equals("union") ? Strategy.UNION : Strategy.CONFLICT);
        }

        private void read(String path) throws IOException {
            TreeEdit.Entry entry = read.add(path) ? TreeEdit.find(reader, tree, TreeEdit.shown(path)) : null;
            if (entry != null && entry.isFile()) {
                rules.add(path, bytes(entry.id()));
            }
        }
    }

    /** As git: JGit also takes a text with a carriage return alone for binary. */
    private static boolean isBinary(byte[] content) {
        for (int i = 0; i < Math.min(content.length, BYTES_OF_BINARY); i++) {
            if (content[i] == 0) {
                return true;
            }
        }
        return false;
    }

    private byte[] bytes(ObjectId blob) throws IOException {
        return reader.open(blob, Constants.OBJ_BLOB).getBytes(MAX_TEXT);
    }
}
