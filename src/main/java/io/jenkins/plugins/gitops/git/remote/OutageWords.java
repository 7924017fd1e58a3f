package io.jenkins.plugins.gitops.git.remote;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What servers, their hooks and their ssh programs say while another part of them restarts or is overloaded, such as
 * GitLab's "Internal API unreachable" and Gitea's "Internal Server Connection Error". Git has no codes for it.
 */
public final class OutageWords {

    private static final Pattern OUTAGE = Pattern.compile(
            "(?i)\\binternal (?:api|(?:server )?(?:connection )?error)\\b|\\bunreachable\\b|\\bunavailable\\b"
                    + "|\\bnot accessible\\b|\\bnot responding\\b|\\btemporar|\\b(?:try|retry) (?:again|later)\\b"
                    + "|\\btime[d-]? ?out\\b|\\bmaintenance\\b|\\boverload|\\bheavy load\\b|\\bbusy\\b|\\btoo many\\b"
                    + "|\\brate limit|\\b50[0234]\\b|\\bbad gateway\\b|\\bconnection (?:refused|reset|closed)\\b"
                    + "|\\b(?:cannot|unable to|failed to|could not) lock\\b|\\block(?:ing)? (?:failure|error)\\b"
                    + "|\\bfailed to update ref\\b|\\bfile exists\\b");

    private OutageWords() {}

    /** Whether a server says that something has failed which may work again later; names of repositories do not count. */
    public static boolean in(String words) {
        String withoutPaths = Arrays.stream(words.split("\\s"))
                .filter(word -> word.indexOf('/') < 0)
                .collect(Collectors.joining(" "));
        return OUTAGE.matcher(withoutPaths).find();
    }
}
