package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.matching.LabelSelector;
import io.jenkins.plugins.gitops.matching.WildcardMatch;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Selects the applications of a server that are the targets of a wave: by name, by labels, or both.
 *
 * @param server the name of the Argo CD server
 * @param applications names, possibly after a namespace and a slash; {@code *} stands for any characters, {@code ?} for
 *     one. A name without a namespace means the application of every namespace
 * @param selector selects further applications by their labels
 * @param acceptSuspended whether an application that is suspended, and else as it should be, counts as deployed
 */
public record TargetSelection(
        String server, List<String> applications, Optional<LabelSelector> selector, boolean acceptSuspended) {

    /** The characters of names in Kubernetes, and wildcards. */
    private static final Pattern NAME = Pattern.compile("(?:[a-z0-9*?-]+/)?[a-z0-9*?.-]+");

    /**
     * Checks the targets.
     *
     * @throws IllegalArgumentException with a sentence for users, if there are no names and no selector, or a name is
     *     not valid
     */
    public TargetSelection(
            String server, List<String> applications, Optional<LabelSelector> selector, boolean acceptSuspended) {
        this.acceptSuspended = acceptSuspended;
        this.server = server;
        this.applications = applications.stream().map(String::strip).toList();
        this.selector = selector;
        if (server.isBlank()) {
            throw new IllegalArgumentException("Name the Argo CD server of the targets in argoServer.");
        }
        if (applications.isEmpty() && selector.isEmpty()) {
            throw new IllegalArgumentException("The targets on the Argo CD server " + server
                    + " are not given: name them in applications, or select them by their labels with selector.");
        }
        for (String name : this.applications) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("\"" + name
                        + "\" in applications is not the name of an Argo CD application: write it as Argo CD shows it, "
                        + "such as staging-eu-1, argocd/staging-eu-1 or staging-*.");
            }
        }
    }

    /**
     * Creates the selection from the fields of the configuration.
     *
     * @param selector a label selector, or empty for none
     * @throws IllegalArgumentException with a sentence for users, if a field is not valid
     */
    public TargetSelection(String server, List<String> applications, String selector) {
        this(
                server,
                applications,
                selector.isBlank() ? Optional.empty() : Optional.of(LabelSelector.parse(selector)),
                false);
    }

    /** Returns the same selection, with which applications that are suspended count as deployed, or do not. */
    public TargetSelection acceptSuspended(boolean accept) {
        return new TargetSelection(server, applications, selector, accept);
    }

    /** Whether an application is a target: one of the names or the selector matches it. */
    public boolean selects(Application application) {
        return applications.stream().anyMatch(name -> covers(name, application.id()))
                || selector.isPresent() && selector.get().matches(application.labels());
    }

    /** The names without wildcards, as configured; an application that is missing on the server is an error. */
    public List<String> exactNames() {
        return applications.stream()
                .filter(name -> name.indexOf('*') < 0 && name.indexOf('?') < 0)
                .toList();
    }

    /** Returns the application that a name without wildcards means; its namespace is empty if the name has none. */
    static ApplicationId id(String name) {
        int slash = name.indexOf('/');
        return slash < 0
                ? new ApplicationId("", name)
                : new ApplicationId(name.substring(0, slash), name.substring(slash + 1));
    }

    /** Returns whether two names without wildcards can mean one application: one may leave the namespace out. */
    public static boolean isSame(String name, String other) {
        ApplicationId one = id(name);
        ApplicationId two = id(other);
        return one.name().equals(two.name())
                && (one.namespace().isEmpty()
                        || two.namespace().isEmpty()
                        || one.namespace().equals(two.namespace()));
    }

    /** Whether a name of {@link #applications} matches an application. */
    static boolean covers(String name, ApplicationId application) {
        int slash = name.indexOf('/');
        return (slash < 0 || WildcardMatch.ofName(name.substring(0, slash), application.namespace()))
                && WildcardMatch.ofName(name.substring(slash + 1), application.name());
    }
}
