package io.jenkins.plugins.gitops.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A label selector as Kubernetes writes it: {@code key=value}, {@code key==value}, {@code key!=value},
 * {@code key in (a, b)}, {@code key notin (a, b)}, {@code key} (present), {@code !key} (absent), separated by commas,
 * which mean "and". As in Kubernetes, {@code !=} and {@code notin} also match objects without the label.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/">Labels and Selectors</a>
 */
public final class LabelSelector {

    /** A key is a name, possibly after a DNS name and a slash. */
    private static final String KEY = "(?:[a-z0-9][a-z0-9.-]{0,252}/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";

    /** A value may be empty. */
    private static final String VALUE = "(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?";

    private static final Pattern COMPARED =
            Pattern.compile("(?<key>" + KEY + ")\\s*(?<operator>==|=|!=)\\s*(?<value>" + VALUE + ")");
    private static final Pattern LISTED =
            Pattern.compile("(?<key>" + KEY + ")\\s+(?<operator>in|notin)\\s*\\((?<values>[^()]*)\\)");
    private static final Pattern PRESENT = Pattern.compile("(?<not>!\\s*)?(?<key>" + KEY + ")");

    private final String text;
    private final List<Predicate<Map<String, String>>> requirements;

    private LabelSelector(String text, List<Predicate<Map<String, String>>> requirements) {
        this.text = text;
        this.requirements = requirements;
    }

    /**
     * Parses a selector.
     *
     * @throws IllegalArgumentException with a sentence for users, also if the text is empty
     */
    public static LabelSelector parse(String text) {
        var requirements = new ArrayList<Predicate<Map<String, String>>>();
        for (String part : parts(text)) {
            requirements.add(requirement(text, part.strip()));
        }
        return new LabelSelector(text.strip(), List.copyOf(requirements));
    }

    /** Splits a selector at the commas outside of parentheses. */
    private static List<String> parts(String text) {
        var parts = new ArrayList<String>();
        boolean inParentheses = false;
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ',' && !inParentheses) {
                parts.add(text.substring(begin, i));
                begin = i + 1;
            }
            inParentheses = c == '(' || inParentheses && c != ')';
        }
        parts.add(text.substring(begin));
        return parts;
    }

    private static Predicate<Map<String, String>> requirement(String text, String part) {
        Matcher compared = COMPARED.matcher(part);
        if (compared.matches()) {
            return among(compared.group("key"), Set.of(compared.group("value")), compared.group("operator"));
        }
        Matcher listed = LISTED.matcher(part);
        if (listed.matches()) {
            var values = new HashSet<String>();
            for (String value : listed.group("values").split(",", -1)) {
                if (!value.strip().matches(VALUE)) {
                    throw refuse(text, part);
                }
                values.add(value.strip());
            }
            return among(listed.group("key"), values, listed.group("operator"));
        }
        Matcher there = PRESENT.matcher(part);
        if (there.matches()) {
            String key = there.group("key");
            return there.group("not") == null ? labels -> labels.containsKey(key) : labels -> !labels.containsKey(key);
        }
        throw refuse(text, part);
    }

    private static Predicate<Map<String, String>> among(String key, Set<String> values, String operator) {
        boolean wanted = Arrays.asList("=", "==", "in").contains(operator);
        return labels -> {
            String value = labels.get(key);
            return (value != null && values.contains(value)) == wanted;
        };
    }

    private static IllegalArgumentException refuse(String text, String part) {
        return new IllegalArgumentException("The label selector \"" + text + "\" cannot be read"
                + (part.isEmpty() ? "" : " at \"" + part + "\"")
                + ": write key=value, key!=value, key in (a, b), key notin (a, b), key or !key, with "
                + "commas between them.");
    }

    /** Whether labels fulfil all requirements of the selector. */
    public boolean matches(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.test(labels));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelSelector selector && selector.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The text that was parsed. */
    @Override
    public String toString() {
        return text;
    }
}
