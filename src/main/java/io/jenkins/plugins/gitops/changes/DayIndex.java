package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.git.TreeEdit;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;

/** An index of the files in the folders of days. The folder of a day is read again only when its tree has changed. */
final class DayIndex {

    /** The names of a day's files, and the folder they were read from. */
    private record Day(ObjectId folder, Set<String> files) {}

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
            } else {
                read.put(
                        folder.getKey(),
                        new Day(id, Set.copyOf(TreeEdit.read(reader, id).keySet())));
            }
        }
        days = read;
    }

    /**
     * The name of the newest folder that has a file; with a slash at its end, as that of the file if it is a folder.
     */
    Optional<String> day(String file) {
        return days.entrySet().stream()
                .filter(day -> day.getValue().files().contains(file))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
