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
 * Replaces {@code ${NAME}}, {@code ${NAME:-default}}, {@code ${readFile:path}} and {@code ${readFileBase64:path}};
 * {@code ^${NAME}} stays {@code ${NAME}}.
 */
final class VariableSubstitution {
    private static final Pattern REFERENCE =
            Pattern.compile("(\\^)?\\$\\{([A-Za-z0-9]+:(?!-)[^}]+|[^}:]+)(?::-([^}]*))?}");

    private static final String BASE64 = "readFileBase64:";
    private static final String TEXT = "readFile:";

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
        if (name.indexOf(':') >= 0) {
            boolean text = name.startsWith(TEXT);
            if (!text && !name.startsWith(BASE64)) {
                throw new CascException(
                        line,
                        "${" + name + "} is not known here; use ${NAME}, ${readFile:PATH} or"
                                + " ${readFileBase64:PATH}.");
            }
            Path file = Path.of(name.substring(name.indexOf(':') + 1));
            try {
                return text ? Files.readString(file) : Base64.getEncoder().encodeToString(Files.readAllBytes(file));
            } catch (IOException e) {
                throw new CascException(line, "the file " + file + " cannot be read; check the path.");
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
                .filter(name -> name.indexOf(':') < 0)
                .collect(Collectors.toSet());
    }
}
