package io.jenkins.plugins.gitops.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One challenge of a header {@code WWW-Authenticate} (RFC 9110, 11.6.1).
 *
 * @param scheme in lower case, {@code bearer} or {@code basic}
 * @param parameters by name in lower case
 */
record AuthChallenge(String scheme, Map<String, String> parameters) {

    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

    /** A scheme, or a parameter of the preceding scheme. */
    private static final Pattern PIECE =
            Pattern.compile("(" + TOKEN + ")(?:\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]*)))?");

    /** Parses all challenges of a response, in their order. */
    static List<AuthChallenge> parse(List<String> headers) {
        List<AuthChallenge> challenges = new ArrayList<>();
        for (String header : headers) {
            Matcher piece = PIECE.matcher(header);
            while (piece.find()) {
                String name = piece.group(1).toLowerCase(Locale.ROOT);
                String quoted = piece.group(2);
                String value = quoted == null ? piece.group(3) : quoted.replaceAll("\\\\(.)", "$1");
                if (value == null) {
                    challenges.add(new AuthChallenge(name, new TreeMap<>()));
                } else if (!challenges.isEmpty()) {
                    challenges.get(challenges.size() - 1).parameters.put(name, value);
                }
            }
        }
        return challenges;
    }

    boolean isBearer() {
        return scheme.equals("bearer") && parameters.containsKey("realm");
    }

    boolean isBasic() {
        return scheme.equals("basic");
    }

    /** Returns the address of the token service; empty if there is none. */
    String realm() {
        return parameters.getOrDefault("realm", "");
    }

    /** Returns the name of the registry at the token service; empty if there is none. */
    String service() {
        return parameters.getOrDefault("service", "");
    }
}
