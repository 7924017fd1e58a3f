package sandbox.casc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Replaces {@code ${NAME}}, {@code ${NAME:-default}} and {@code ${readFileBase64:path}}; {@code ^${NAME}} stays {@code
 * ${NAME}}.
 */
final class VariableSubstitution {
    private static final Pattern REFERENCE =
            Pattern.compile("(\\^)?\\$\\{(readFileBase64:[^}]+|[^}:]+)(?::-([^}]*))?}");

    private static final String FILE = "readFileBase64:";

    private final Map<String, String> environment;

    VariableSubstitution(Map<String, String> environment) {
        this.environment = environment;
    }

    String expand(String text, int line) {
        return REFERENCE
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) != null
                                ? found.group().substring(1)
                                : value(found.group(2), found.group(3), line)));
    }

    private String value(String name, String otherwise, int line) {
        if (name.startsWith(FILE)) {
            Path file = Path.of(name.substring(FILE.length()));
            try {
                return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
            } catch (IOException e) {
                throw new CascException(line, "the file " + file + " cannot be read.");
            }
        }
        String value = environment.get(name);
        if (value != null) {
            return value;
        }
        if (otherwise == null) {
            throw new CascException(
                    line,
                    "the environment variable " + name + " is not set; set it, or write ${" + name + ":-default}.");
        }
        return otherwise;
    }

    /** The names of the variables that a text refers to. */
    static Set<String> names(String text) {
        return REFERENCE
                .matcher(text)
                .results()
                .map(found -> found.group(2))
                .filter(name -> !name.startsWith(FILE))
                .collect(Collectors.toSet());
    }
}
