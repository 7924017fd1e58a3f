package io.jenkins.plugins.gitops.ci;

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
 * @param readWorkflows whether the workflows of runs are read too, since a required check names one; GitHub only
 */
public record ForgeSettings(
        ForgeKind kind,
        String url,
        String repository,
        boolean allowInsecure,
        boolean writeStatus,
        boolean readWorkflows) {

    private static final AddressForm FORM = new AddressForm(
            Set.of(Protocol.HTTPS, Protocol.HTTP),
            "https://git.example.com",
            "take them out and name stored credentials in credentialsId.",
            true);

    private static final Pattern OWNER_AND_NAME = Pattern.compile("[A-Za-z0-9._-]+/[A-Za-z0-9._-]+");
    private static final Pattern PROJECT = Pattern.compile("[0-9]+|[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)++");

    /** The supported forges. */
    public enum ForgeKind {
        GITHUB("github", "GitHub", "repository"),
        GITLAB("gitlab", "GitLab", "project"),
        GITEA("gitea", "Gitea", "repository");

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
     * Creates settings of a forge whose workflows are not read, with the same checks.
     *
     * @throws IllegalArgumentException as the canonical constructor does
     */
    public ForgeSettings(ForgeKind kind, String url, String repository, boolean allowInsecure, boolean writeStatus) {
        this(kind, url, repository, allowInsecure, writeStatus, false);
    }

    /** Returns the same settings for a source of these checks. */
    public ForgeSettings readingFor(List<RequiredCheck> checks) {
        boolean workflows = checks.stream().anyMatch(check -> check.workflow().isPresent());
        return new ForgeSettings(kind, url, repository, allowInsecure, writeStatus, workflows);
    }

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException with a sentence naming the field; it never repeats the url, which may hold a
     *     password
     */
    public ForgeSettings {
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
        Pattern form = kind == ForgeKind.GITLAB ? PROJECT : OWNER_AND_NAME;
        // The names '.' and '..' would mean another path in a URL.
        boolean dots = (repository + "/").contains("./") && repository.matches("(.*/)?\\.{1,2}(/.*)?");
        return form.matcher(repository).matches() && !dots
                ? Optional.empty()
                : Optional.of("\"" + repository
                        + "\" is not the name of a repository there; it should look like acme/cfg-app.");
    }

    /**
     * Returns why the url cannot be used and what to do, as the end of a sentence that begins with the field's name;
     * empty if it can be used.
     */
    public static Optional<String> urlProblem(String url, boolean allowInsecure) {
        return FORM.problem(url, allowInsecure);
    }
}
