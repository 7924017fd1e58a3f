package io.jenkins.plugins.gitops.worktree;

import io.jenkins.plugins.gitops.matching.WorkBudget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;

/**
 * The attributes that {@code .gitattributes} files give to files, see gitattributes(5). Paths have one character for
 * each byte.
 */
public final class AttributeRules {

    public static final String FILE = ".gitattributes";

    /** The value of an attribute that is set without one, {@code text}. */
    static final String SET = "\0set";

    /** The value of an attribute that is unset, {@code -text}. */
    public static final String UNSET = "\0unset";

    /** The value of an attribute that is unspecified, {@code !text}. */
    static final String UNSPECIFIED = "\0unspecified";

    /** Git ignores lines of this length or longer, in bytes. */
    private static final int MAX_LINE = 2048;

    private static final String BLANKS = " \t\r\n";

    private static final String MACRO = "[attr]";

    private record State(String name, String value) {}

    private record Line(PathRule rule, List<State> states) {}

    /** The lines of the files, by the folder of the file; the last line is the first here. */
    private final Map<String, List<Line>> lines = new HashMap<>();

    private final Map<String, List<State>> macros = new HashMap<>();
    private final WorkBudget budget;

    /**
     * Creates rules that give no attributes.
     *
     * @param budget limits the work of all matches together
     */
    public AttributeRules(WorkBudget budget) {
        this.budget = budget;
        macros.put("binary", List.of(new State("diff", UNSET), new State("merge", UNSET), new State("text", UNSET)));
    }

    /** Adds a {@code .gitattributes} file. */
    public void add(String path, byte[] content) {
        String folder = RuleLines.folder(path);
        var read = new ArrayList<Line>();
        for (String line : RuleLines.of(content)) {
            budget.spend(line.length());
            if (line.length() < MAX_LINE) {
                add(line, folder, read);
            }
        }
        Collections.reverse(read);
        lines.put(folder, read);
    }

    private void add(String line, String folder, List<Line> read) {
        var words = new StringTokenizer(line, BLANKS);
        if (!words.hasMoreTokens()) {
            return;
        }
        String name = words.nextToken();
        if (name.startsWith("#")) {
            return;
        }
        if (name.startsWith("\"")) {
            Optional<QuotedName> quoted = QuotedName.at(line, line.indexOf('"'));
            if (quoted.isPresent()) {
                name = quoted.get().name();
                words = new StringTokenizer(line.substring(quoted.get().end()), BLANKS);
            }
        }
        Optional<List<State>> states = states(words);
        if (states.isEmpty() || name.startsWith("!")) {
            return;
        }
        if (name.startsWith(MACRO) && name.length() > MACRO.length()) {
            // Git accepts macros only in the file of the outermost folder.
            String macro = name.substring(MACRO.length());
            if (folder.isEmpty() && isName(macro)) {
                macros.put(macro, states.get());
            }
        } else {
            read.add(new Line(new PathRule(name), states.get()));
        }
    }

    /**
     * Parses the attributes of a line, the last one first; empty if one is malformed, for which git ignores the line.
     */
    private static Optional<List<State>> states(StringTokenizer words) {
        var states = new ArrayList<State>();
        while (words.hasMoreTokens()) {
            String word = words.nextToken();
            boolean sign = word.startsWith("-") || word.startsWith("!");
            int equals = word.indexOf('=');
            String name = word.substring(sign ? 1 : 0, equals < 0 ? word.length() : Math.max(equals, sign ? 1 : 0));
            if (!isName(name)) {
                return Optional.empty();
            }
            String value = equals < 0 ? SET : word.substring(equals + 1);
            if (sign) {
                value = word.startsWith("-") ? UNSET : UNSPECIFIED;
            }
            states.add(0, new State(name, value));
        }
        return Optional.of(states);
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.charAt(0) != '-'
                && !name.startsWith("builtin_")
                && name.chars()
                        .allMatch(c -> c == '-'
                                || c == '.'
                                || c == '_'
                                || c >= '0' && c <= '9'
                                || c >= 'a' && c <= 'z'
                                || c >= 'A' && c <= 'Z');
    }

    /** The attributes of a file, by name; unspecified ones are missing. */
    public Map<String, String> of(String path) {
        var found = new HashMap<String, String>();
        String folder = path;
        while (!folder.isEmpty()) {
            folder = RuleLines.folder(folder);
            String inside = folder.isEmpty() ? path : path.substring(folder.length() + 1);
            for (Line line : lines.getOrDefault(folder, List.of())) {
                if (line.rule().matches(inside, false, budget)) {
                    fill(line.states(), found);
                }
            }
        }
        found.values().removeIf(UNSPECIFIED::equals);
        return found;
    }

    /** The name of the filter that a file goes through, {@code lfs}; empty if it goes through none. */
    public Optional<String> filter(String path) {
        return Optional.ofNullable(of(path).get("filter"))
                .filter(name -> !name.isEmpty() && !name.equals(SET) && !name.equals(UNSET));
    }

    /** Adds attributes that are not known yet; those of lines nearer to the file take precedence. */
    private void fill(List<State> states, Map<String, String> found) {
        budget.spend(states.size());
        for (State state : states) {
            if (found.putIfAbsent(state.name(), state.value()) == null
                    && state.value().equals(SET)) {
                fill(macros.getOrDefault(state.name(), List.of()), found);
            }
        }
    }

    /** A name in quotes, with the escapes of C, and the position after it. */
    private record QuotedName(String name, int end) {

        private static final String ESCAPED = "abfnrtv\\\"";

        private static final String MEANT = "\u0007\b\f\n\r\t\u000b\\\"";

        /**
         * Parses the name at a quote; empty if it is malformed, in which case git reads the quote as a part of the
         * name.
         */
        static Optional<QuotedName> at(String line, int quote) {
            var name = new StringBuilder();
            for (int i = quote + 1; i < line.length(); i++) {
                char c = line.charAt(i);
                if (c == '"') {
                    return Optional.of(new QuotedName(name.toString(), i + 1));
                }
                if (c != '\\') {
                    name.append(c);
                    continue;
                }
                i++;
                int known = i < line.length() ? ESCAPED.indexOf(line.charAt(i)) : -1;
                if (known >= 0) {
                    name.append(MEANT.charAt(known));
                } else if (isOctal(line, i)) {
                    name.append((char) Integer.parseInt(line.substring(i, i + 3), 8));
                    i += 2;
                } else {
                    return Optional.empty();
                }
            }
            return Optional.empty();
        }

        private static boolean isOctal(String line, int at) {
            return at + 2 < line.length()
                    && line.charAt(at) <= '3'
                    && line.substring(at, at + 3).chars().allMatch(c -> c >= '0' && c <= '7');
        }
    }
}
