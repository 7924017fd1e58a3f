package io.jenkins.plugins.gitops.generation;

import io.jenkins.plugins.gitops.git.TreeEdit;
import io.jenkins.plugins.gitops.worktree.PathPatterns;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;

/**
 * Divides trees into the files that a generator reads, which are the input tree, and the files that it makes. Reads
 * only the folders in which generated files may lie. Input trees are written with the given inserter, which the caller
 * flushes.
 */
public final class InputTrees {

    private final ObjectReader reader;
    private final TreeEdit edit;
    private final PathPatterns generated;

    /** The input trees of folders, since the commits of a queue have most folders in common. */
    private final Map<Folder, Optional<ObjectId>> known = new HashMap<>();

    private record Folder(String path, ObjectId tree) {}

    public InputTrees(ObjectReader reader, ObjectInserter inserter, PathPatterns generated) {
        this.reader = reader;
        this.edit = new TreeEdit(reader, inserter);
        this.generated = generated;
    }

    /** The tree without its generated files. */
    public ObjectId of(ObjectId tree) throws IOException {
        Optional<ObjectId> inputs = inputs(new Folder("", tree));
        return inputs.isPresent() ? inputs.get() : edit.write(new TreeMap<>());
    }

    /** The folder without its generated files; empty if it has no others. */
    private Optional<ObjectId> inputs(Folder folder) throws IOException {
        if (!generated.mayMatchBelow(folder.path())) {
            return Optional.of(folder.tree());
        }
        Optional<ObjectId> before = known.get(folder);
        if (before != null) {
            return before;
        }
        TreeMap<String, TreeEdit.Entry> entries = TreeEdit.read(reader, folder.tree());
        var inputs = new TreeMap<String, TreeEdit.Entry>();
        for (Map.Entry<String, TreeEdit.Entry> each : entries.entrySet()) {
            String path = folder.path() + TreeEdit.shown(each.getKey());
            TreeEdit.Entry entry = each.getValue();
            if (!entry.isTree()) {
                if (!generated.match(path)) {
                    inputs.put(each.getKey(), entry);
                }
            } else if (!generated.matchAllBelow(path)) {
                inputs(new Folder(path, entry.id()))
                        .ifPresent(id -> inputs.put(each.getKey(), new TreeEdit.Entry(FileMode.TREE, id)));
            }
        }
        Optional<ObjectId> result = Optional.empty();
        if (inputs.equals(entries)) {
            result = Optional.of(folder.tree());
        } else if (!inputs.isEmpty()) {
            result = Optional.of(edit.write(inputs));
        }
        known.put(folder, result);
        return result;
    }

    /** The generated files of a tree, by path. */
    SortedMap<String, Optional<TreeEdit.Entry>> generated(ObjectId tree) throws IOException {
        var files = new TreeMap<String, Optional<TreeEdit.Entry>>();
        collect(new Folder("", tree), files);
        return files;
    }

    private void collect(Folder folder, Map<String, Optional<TreeEdit.Entry>> files) throws IOException {
        if (!generated.mayMatchBelow(folder.path())) {
            return;
        }
        for (Map.Entry<String, TreeEdit.Entry> each :
                TreeEdit.read(reader, folder.tree()).entrySet()) {
            String path = folder.path() + TreeEdit.shown(each.getKey());
            if (each.getValue().isTree()) {
                collect(new Folder(path, each.getValue().id()), files);
            } else if (generated.match(path)) {
                files.put(path, Optional.of(each.getValue()));
            }
        }
    }
}
