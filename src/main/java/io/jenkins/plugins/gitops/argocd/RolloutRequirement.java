package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The targets of a wave that must run a set before it counts as deployed there: {@code all}, a number such as {@code
 * 3}, a percentage such as {@code 80%}, or {@code canaries: internal-eu-1, team-a/internal-us-1}. Requirements can be
 * combined.
 */
public final class RolloutRequirement {

    /** All targets must run the set. */
    public static final RolloutRequirement ALL = new RolloutRequirement(List.of(new Part("all", 100, true, Set.of())));

    private static final Pattern NUMBER = Pattern.compile("(\\d{1,6})\\s*(%?)");
    private static final String CANARIES = "canaries:";

    private final List<Part> parts;

    /**
     * One of the combined requirements.
     *
     * @param text the text that was parsed
     * @param number the number or the percentage of targets; not used with canaries
     * @param canaries the names of the targets that must run the set; empty if any targets count
     */
    private record Part(String text, int number, boolean percent, Set<String> canaries) {

        boolean met(Set<ApplicationId> running, Set<ApplicationId> targets) {
            return canaries.isEmpty()
                    ? running.size() >= needed(targets.size())
                    : canaries.stream().allMatch(canary -> runs(canary, running, targets));
        }

        /** Returns whether all targets that a name means run the set; without a namespace it can mean several. */
        private static boolean runs(String canary, Set<ApplicationId> running, Set<ApplicationId> targets) {
            List<ApplicationId> meant = targets.stream()
                    .filter(target -> canary.equals(target.name()) || canary.equals(target.toString()))
                    .toList();
            return !meant.isEmpty() && running.containsAll(meant);
        }

        private int needed(int targets) {
            return percent ? (number * targets + 99) / 100 : number;
        }
    }

    private RolloutRequirement(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * Parses a requirement.
     *
     * @throws IllegalArgumentException with a sentence for users
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
                + "\" does not say how many targets must be deployed: write all, a number such as 3, a percentage"
                + " such as 80%, or canaries: and their names.");
    }

    /** The requirement that this one and another are both met. */
    public RolloutRequirement and(RolloutRequirement other) {
        var both = new ArrayList<>(parts);
        other.parts.stream().filter(part -> !both.contains(part)).forEach(both::add);
        return new RolloutRequirement(both);
    }

    /**
     * Whether the requirement is met.
     *
     * @param running the targets that run the set and are healthy
     * @param targets all targets of the wave
     */
    public boolean met(Set<ApplicationId> running, Set<ApplicationId> targets) {
        return parts.stream().allMatch(part -> part.met(running, targets));
    }

    /** The number of targets that there have to be at least; 0 where a percentage or names say how many. */
    public int fewestTargets() {
        return parts.stream()
                .filter(part -> !part.percent())
                .mapToInt(Part::number)
                .max()
                .orElse(0);
    }

    /** The names of the targets that must run the set. */
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

    /** The combined requirements as they were written, joined by "and". */
    @Override
    public String toString() {
        return String.join(" and ", parts.stream().map(Part::text).toList());
    }
}
