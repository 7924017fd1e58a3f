package io.jenkins.plugins.gitops.ci.forges;

import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.remote.AddressForm;
import io.jenkins.plugins.gitops.remote.RemoteAddress.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The validated configuration of a forge.
 *
 * @param url the address of the forge, without a slash at its end; for GitHub the address of its API
 * @param repository the name of the config repository there, {@code acme/cfg-app}; for GitLab with all groups, or its
 *     number
 * @param allowInsecure whether the url may be plain http
 * @param writeStatus whether the plugin posts statuses of commits to the forge
 * @param checks the required checks that are read from the forge; empty where they are not known
 */
public record ForgeSettings(
        ForgeKind kind,
        String url,
        String repository,
        boolean allowInsecure,
        boolean writeStatus,
        List<RequiredCheck> checks) {

    private static final AddressForm FORM = new AddressForm(
            Set.of(Protocol.HTTPS, Protocol.HTTP),
            "https://git.example.com",
            "take them out and name stored credentials in credentialsId.",
            true);

    private static final Pattern OWNER_AND_NAME = Pattern.compile("[A-Za-z0-9._-]+/[A-Za-z0-9._-]+");
    /** The repositories of a user have a tilde before the name of the user. */
    private static final Pattern PROJECT_KEY_AND_NAME = Pattern.compile("~?[A-Za-z0-9._-]+/[A-Za-z0-9._-]+");

    private static final Pattern PROJECT = Pattern.compile("[0-9]+|[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)++");

    /** Belongs to the address for git; no forge has a repository whose name ends so. */
    private static final String GIT = ".git";

    /** The supported forges. */
    public enum ForgeKind {
        GITHUB("github", "GitHub", "repository"),
        GITLAB("gitlab", "GitLab", "project"),
        GITEA("gitea", "Gitea", "repository"),
        BITBUCKET_CLOUD("bitbucket", "Bitbucket Cloud", "repository"),
        BITBUCKET_DATA_CENTER("bitbucket", "Bitbucket Data Center", "repository");

        private final String source;
        private final String shown;
        private final String field;

        ForgeKind(String source, String shown, String field) {
            this.source = source;
            this.shown = shown;
            this.field = field;
        }

        /** Returns the name by which required checks are bound to the forge. */
        public String source() {
            return source;
        }

        @Override
        public String toString() {
            return shown;
        }
    }

    /**
     * Creates settings for unknown required checks.
     *
     * @throws IllegalArgumentException as the canonical constructor does
     */
    public ForgeSettings(ForgeKind kind, String url, String repository, boolean allowInsecure, boolean writeStatus) {
        this(kind, url, repository, allowInsecure, writeStatus, List.of());
    }

    /** Returns the same settings for a source of these checks. */
    public ForgeSettings readingFor(List<RequiredCheck> checks) {
        return new ForgeSettings(kind, url, repository, allowInsecure, writeStatus, checks);
    }

    /** Returns whether a check names a workflow, so that the workflows of runs have to be read. */
    boolean readWorkflows() {
        return checks.stream().anyMatch(check -> check.workflow().isPresent());
    }

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException with a sentence naming the field; it never repeats the url, which may hold a
     *     password
     */
    public ForgeSettings {
        checks = List.copyOf(checks);
        urlProblem(url, allowInsecure).ifPresent(problem -> {
            throw new IllegalArgumentException((kind == ForgeKind.GITHUB ? "apiUrl " : "url ") + problem);
        });
        url = FORM.parse(url, allowInsecure).toString().replaceAll("/+$", "");
        repositoryProblem(kind, repository).ifPresent(problem -> {
            throw new IllegalArgumentException(kind.field + " " + problem);
        });
    }

    /**
     * Returns why a text is not the name of a repository, as the end of a sentence that begins with the field's name;
     * empty if it is one.
     */
    public static Optional<String> repositoryProblem(ForgeKind kind, String repository) {
        Pattern form =
                switch (kind) {
                    case GITLAB -> PROJECT;
                    case BITBUCKET_DATA_CENTER -> PROJECT_KEY_AND_NAME;
                    case GITHUB, GITEA, BITBUCKET_CLOUD -> OWNER_AND_NAME;
                };
        // The names '.' and '..' would mean another path in a URL.
        boolean dots = (repository + "/").contains("./") && repository.matches("(.*/)?\\.{1,2}(/.*)?");
        if (form.matcher(repository).matches() && !dots && !repository.endsWith(GIT)) {
            return Optional.empty();
        }
        return Optional.of("\"" + repository + "\" is not the name of a repository there; "
                + (repository.endsWith(GIT) ? "leave out " + GIT + ", so that it looks" : "it should look")
                + " like acme/cfg-app.");
    }

    /**
     * Returns why the url cannot be used and what to do, as the end of a sentence that begins with the field's name;
     * empty if it can be used.
     */
    public static Optional<String> urlProblem(String url, boolean allowInsecure) {
        return url.isBlank()
                ? Optional.of("is missing; give the address of the server, such as https://git.example.com.")
                : FORM.problem(url, allowInsecure);
    }
}
