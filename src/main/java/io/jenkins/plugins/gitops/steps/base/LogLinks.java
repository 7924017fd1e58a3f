package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.console.HyperlinkNote;
import io.jenkins.plugins.gitops.remote.AddressForm;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The pages that names in lines of a build's log lead to. Where a name first stands in a line as a whole word, it
 * becomes a link.
 */
public final class LogLinks {

    private static final String WORD_CHARACTERS = "-_/@";

    private static final Predicate<String> OWN_PATH =
            Pattern.compile("/(?!/)[A-Za-z0-9._~/?=&%+-]*+").asMatchPredicate();

    private final Map<String, String> pages = new HashMap<>();

    /**
     * Adds a link, if its page is one that may be linked to.
     *
     * @param page a URL, or a path below Jenkins' own that begins with a slash; null leaves the name as it is
     */
    public LogLinks add(String name, @CheckForNull String page) {
        if (page != null && !name.isBlank()) {
            safe(page).ifPresent(checked -> pages.put(name, checked));
        }
        return this;
    }

    /** Jenkins puts an address between single quotes without escaping it. */
    private static Optional<String> safe(String page) {
        return OWN_PATH.test(page) ? Optional.of(page) : AddressForm.webPage(page);
    }

    /** The line with its links. */
    String applyTo(String line) {
        return applyTo(line, HyperlinkNote::encodeTo);
    }

    /**
     * The same with another form of links.
     *
     * @param link makes a link of a page and a name
     */
    String applyTo(String line, BinaryOperator<String> link) {
        var names = new TreeMap<Integer, String>();
        for (String name : pages.keySet()) {
            int at = indexOfWord(line, name);
            if (at >= 0) {
                names.merge(at, name, (one, other) -> one.length() > other.length() ? one : other);
            }
        }
        var linked = new StringBuilder();
        int written = 0;
        for (Map.Entry<Integer, String> each : names.entrySet()) {
            int at = each.getKey();
            String name = each.getValue();
            if (at >= written) {
                linked.append(line, written, at).append(link.apply(pages.get(name), name));
                written = at + name.length();
            }
        }
        return linked.append(line, written, line.length()).toString();
    }

    private static int indexOfWord(String line, String name) {
        int at = line.indexOf(name);
        while (at >= 0 && (isWord(line, at - 1, at - 2) || isWord(line, at + name.length(), at + name.length() + 1))) {
            at = line.indexOf(name, at + 1);
        }
        return at;
    }

    /** Whether a word goes on at a place; a full stop or a colon does so only with something behind it. */
    private static boolean isWord(String line, int place, int beyond) {
        if (place < 0 || place >= line.length()) {
            return false;
        }
        char there = line.charAt(place);
        if (there == '.' || there == ':') {
            return beyond >= 0 && beyond < line.length() && Character.isLetterOrDigit(line.charAt(beyond));
        }
        return Character.isLetterOrDigit(there) || WORD_CHARACTERS.indexOf(there) >= 0;
    }
}
