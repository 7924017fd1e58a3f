package io.jenkins.plugins.gitops.world;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Label selectors of Kubernetes: {@code a=b}, {@code a!=b}, {@code a in (b,c)}, {@code a notin (b)}, {@code a}, and
 * {@code !a}.
 */
final class SimulatedLabelSelector {

    private static final Pattern REQUIREMENT = Pattern.compile("\\s*(?:"
            + "(?<left>[\\w./-]+)\\s*(?<sign>==|=|!=)\\s*(?<value>[\\w.-]*)"
            + "|(?<member>[\\w./-]+)\\s+(?<word>in|notin)\\s*\\((?<values>[\\w.,\\s-]*)\\)"
            + "|(?<not>!?)\\s*(?<key>[\\w./-]+))\\s*(?:,|$)");

    private SimulatedLabelSelector() {}

    /** Returns whether the labels match; the empty selector matches all. */
    static Predicate<Map<String, String>> parse(String selector) {
        Predicate<Map<String, String>> all = labels -> true;
        Matcher requirement = REQUIREMENT.matcher(selector);
        int end = 0;
        while (end < selector.length()) {
            if (!requirement.find(end) || requirement.start() != end) {
                throw new IllegalArgumentException("unable to parse requirement: " + selector.substring(end));
            }
            all = all.and(requirement(requirement));
            end = requirement.end();
        }
        return all;
    }

    private static Predicate<Map<String, String>> requirement(Matcher parts) {
        String key = parts.group("key");
        if (key != null) {
            boolean wanted = parts.group("not").isEmpty();
            return labels -> labels.containsKey(key) == wanted;
        }
        boolean equality = parts.group("left") != null;
        String label = equality ? parts.group("left") : parts.group("member");
        Set<String> values = Set.copyOf(
                equality
                        ? List.of(parts.group("value"))
                        : List.of(parts.group("values").strip().split("\\s*,\\s*")));
        boolean wanted = equality
                ? !parts.group("sign").equals("!=")
                : parts.group("word").equals("in");
        return labels -> labels.containsKey(label) ? values.contains(labels.get(label)) == wanted : !wanted;
    }
}
