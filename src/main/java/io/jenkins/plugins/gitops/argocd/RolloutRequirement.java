package io.jenkins.plugins.gitops.argocd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many targets of a wave must run a set before it counts as deployed there: {@code all}, a number such as
 * {@code 3}, a percentage such as {@code 80%}, or {@code canaries: internal-eu-1, internal-us-1}. Several may be asked
 * at once.
 */
public final class RolloutRequirement {

    /** Every target. */
    public static final RolloutRequirement ALL = new RolloutRequirement(List.of(new Part("all", 100, true, Set.of())));

    private static final Pattern NUMBER = Pattern.compile("(\\d{1,6})\\s*(%?)");
    private static final String CANARIES = "canaries:";

    private final List<Part> parts;

    /**
     * One thing that is asked.
     *
     * @param text as people wrote it
     * @param number of targets, or a percentage of them; nothing to a canary
     * @param canaries names of targets; empty if any will do
     */
    private record Part(String text, int number, boolean percent, Set<String> canaries) {

        boolean met(Set<String> running, int targets) {
            return canaries.isEmpty() ? running.size() >= needed(targets) : running.containsAll(canaries);
        }

        private int needed(int targets) {
            return percent ? (number * targets + 99) / 100 : number;
        }
    }

    private RolloutRequirement(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * Reads a requirement.
     *
     * @throws IllegalArgumentException with a sentence
     */
    public static RolloutRequirement parse(String text) {
        String given = text.strip();
        if (given.equals("all")) {
            return ALL;
        }
        if (given.startsWith(CANARIES)) {
            var names = new TreeSet<String>();
            Arrays.stream(given.substring(CANARIES.length()).split(","))
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .forEach(names::add);
            if (!names.isEmpty()) {
                return new RolloutRequirement(
                        List.of(new Part(CANARIES + " " + String.join(", ", names), 0, false, names)));
            }
        }
        Matcher matcher = NUMBER.matcher(given);
        if (matcher.matches()) {
            int number = Integer.parseInt(matcher.group(1));
            boolean percent = !matcher.group(2).isEmpty();
            if (number > 0 && (!percent || number <= 100)) {
                return new RolloutRequirement(List.of(new Part(given, number, percent, Set.of())));
            }
        }
        throw new IllegalArgumentException("\"" + text
                + "\" says nothing of how many targets must be deployed: write all, a number such as 3, a percentage"
                + " such as 80%, or canaries: and their names.");
    }

    /** Both of this and another. */
    public RolloutRequirement and(RolloutRequirement other) {
        var both = new ArrayList<>(parts);
        other.parts.stream().filter(part -> !both.contains(part)).forEach(both::add);
        return new RolloutRequirement(both);
    }

    /**
     * Whether it is enough.
     *
     * @param running the names of the targets that run the set and are healthy
     * @param targets how many there are
     */
    public boolean met(Set<String> running, int targets) {
        return parts.stream().allMatch(part -> part.met(running, targets));
    }

    /** The targets that must be there by name. */
    public Set<String> canaries() {
        var names = new TreeSet<String>();
        parts.forEach(part -> names.addAll(part.canaries()));
        return names;
    }

    public boolean isAll() {
        return equals(ALL);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RolloutRequirement that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    /** As people wrote it. */
    @Override
    public String toString() {
        return String.join(" and ", parts.stream().map(Part::text).toList());
    }
}
