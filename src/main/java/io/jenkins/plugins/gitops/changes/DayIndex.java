package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.git.TreeEdit;
import java.io.IOException;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;

/** An index of the files in the folders of days. The folder of a day is read again only when its tree has changed. */
final class DayIndex {

    /** The sorted names of the files of a day, and the tree from which they were read. */
    private record Day(ObjectId folder, List<String> files) {}

    /** The days, newest first. */
    private SortedMap<String, Day> days = new TreeMap<>();

    /** Replaces the index by the folders of all days; reads those that have changed. */
    void read(ObjectReader reader, SortedMap<String, TreeEdit.Entry> folders) throws IOException {
        var read = new TreeMap<String, Day>(Comparator.reverseOrder());
        for (var folder : folders.entrySet()) {
            ObjectId id = folder.getValue().id();
            Day known = days.get(folder.getKey());
            if (known != null && known.folder().equals(id)) {
                read.put(folder.getKey(), known);
            } else if (folder.getValue().isTree()) {
                read.put(
                        folder.getKey(),
                        new Day(id, List.copyOf(TreeEdit.read(reader, id).keySet())));
            }
        }
        days = read;
    }

    /** The name of the newest folder that has a file of this name; empty if none has. */
    Optional<String> day(String file) {
        return days.entrySet().stream()
                .filter(day -> Collections.binarySearch(day.getValue().files(), file) >= 0)
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
