package io.jenkins.plugins.gitops.changes;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The texts in a commit message that keep CI from testing the commit. A change with such a text would wait for its
 * checks without end.
 *
 * <p>In brackets: {@code [skip ci]} and {@code [ci skip]} of GitHub, GitLab (also with a hyphen or an underscore),
 * Gitea, Forgejo, Bitbucket and the plugins of Jenkins; {@code [no ci]}, {@code [skip actions]} and {@code [actions
 * skip]} of GitHub, Gitea and Forgejo; {@code [skip azurepipelines]}, {@code [skip azpipelines]}, {@code [skip azp]}
 * and their reverses of Azure Pipelines. Without brackets: {@code ***NO_CI***} of Azure Pipelines, and GitHub's trailer
 * {@code skip-checks: true}.
 */
public final class CiSkipMarker {

    private static final String WHAT = "(ci|actions|azurepipelines|azpipelines|azp)";

    private static final Pattern MARKER = Pattern.compile(
            "\\[(skip[ _-]" + WHAT + "|" + WHAT + "[ _-]skip|no[ _-]ci)\\]|\\*\\*\\*NO_CI\\*\\*\\*"
                    + "|(?m:^skip-checks:\\s*true\\b)",
            Pattern.CASE_INSENSITIVE);

    private CiSkipMarker() {}

    /** Returns the first skip marker in a commit message, as it is written there; empty if there is none. */
    public static Optional<String> find(String message) {
        Matcher matcher = MARKER.matcher(message);
        return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
    }

    /** Returns a warning for users about a message with a skip marker; empty if it has none. */
    public static Optional<String> warning(String message) {
        return find(message)
                .map(marker -> "\"" + marker + "\" in the commit message keeps CI from testing the commit, so that its "
                        + "required checks may never be reported; take it out.");
    }
}
