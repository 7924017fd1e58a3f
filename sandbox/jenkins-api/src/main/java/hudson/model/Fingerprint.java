package hudson.model;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Implemented, in memory: the builds that a file was seen in. */
public class Fingerprint implements ModelObject, Saveable {
    private final String fileName;
    private final Map<String, RangeSet> usages = new TreeMap<>();

    Fingerprint(String fileName) {
        this.fileName = fileName;
    }

    @Override
    public String getDisplayName() {
        return fileName;
    }

    public synchronized List<String> getJobs() {
        return new ArrayList<>(usages.keySet());
    }

    public synchronized RangeSet getRangeSet(String jobFullName) {
        return usages.getOrDefault(jobFullName, new RangeSet());
    }

    public synchronized void addFor(Run b) throws IOException {
        usages.computeIfAbsent(b.getParent().getFullName(), job -> new RangeSet())
                .numbers
                .add(b.getNumber());
    }

    @Override
    public void save() throws IOException {}

    public static final class RangeSet {
        private final TreeSet<Integer> numbers = new TreeSet<>();

        public Iterable<Integer> listNumbersReverse() {
            return List.copyOf(numbers.descendingSet());
        }
    }
}
