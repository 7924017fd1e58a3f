package io.jenkins.plugins.gitops.flux;

import io.jenkins.plugins.gitops.matching.LabelSelector;
import io.jenkins.plugins.gitops.matching.WildcardMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Selects the objects of Flux in a cluster that are the targets of a wave: by name, by labels, or both.
 *
 * @param cluster the name of the cluster
 * @param kustomizations names of Kustomizations, possibly after a namespace and a slash; {@code *} stands for any
 *     characters, {@code ?} for one. A name without a namespace means those of every namespace
 * @param helmReleases names of HelmReleases, in the same form
 * @param selector selects further objects of both kinds by their labels
 */
public record FluxSelection(
        String cluster, List<String> kustomizations, List<String> helmReleases, Optional<LabelSelector> selector) {

    /** The characters of names in Kubernetes, and wildcards. */
    private static final Pattern NAME = Pattern.compile("(?:[a-z0-9*?-]+/)?[a-z0-9*?.-]+");

    /**
     * Checks the targets.
     *
     * @throws IllegalArgumentException with a sentence for users, if there are no names and no selector, or a name is
     *     not valid
     */
    public FluxSelection {
        kustomizations = kustomizations.stream().map(String::strip).toList();
        helmReleases = helmReleases.stream().map(String::strip).toList();
        if (cluster.isBlank()) {
            throw new IllegalArgumentException("Name the cluster of the targets in fluxCluster.");
        }
        if (kustomizations.isEmpty() && helmReleases.isEmpty() && selector.isEmpty()) {
            throw new IllegalArgumentException("The targets in the cluster " + cluster
                    + " are not given: name them in kustomizations or helmReleases, or select them by their labels with"
                    + " selector.");
        }
        check(kustomizations, "kustomizations", FluxKind.KUSTOMIZATION);
        check(helmReleases, "helmReleases", FluxKind.HELM_RELEASE);
    }

    private static void check(List<String> names, String field, FluxKind kind) {
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("\"" + name + "\" in " + field + " is not the name of a " + kind
                        + ": write it as kubectl shows it, such as apps, flux-system/apps or apps-*.");
            }
        }
    }

    /** Whether an object is a target. */
    boolean selects(FluxObject object) {
        return names(object.id().kind()).stream().anyMatch(name -> covers(name, object))
                || object.id().kind() != FluxKind.GIT_REPOSITORY
                        && selector.filter(wanted -> wanted.matches(object.labels()))
                                .isPresent();
    }

    private static boolean covers(String name, FluxObject object) {
        int slash = name.indexOf('/');
        return (slash < 0
                        || WildcardMatch.ofName(
                                name.substring(0, slash), object.id().namespace()))
                && WildcardMatch.ofName(name.substring(slash + 1), object.id().name());
    }

    private List<String> names(FluxKind kind) {
        return switch (kind) {
            case KUSTOMIZATION -> kustomizations;
            case HELM_RELEASE -> helmReleases;
            case GIT_REPOSITORY -> List.of();
        };
    }

    /** The names without wildcards, by kind; an object that is missing in the cluster is an error. */
    Map<FluxKind, List<String>> exactNames() {
        return Map.of(
                FluxKind.KUSTOMIZATION, exact(kustomizations),
                FluxKind.HELM_RELEASE, exact(helmReleases));
    }

    private static List<String> exact(List<String> names) {
        return names.stream()
                .filter(name -> name.indexOf('*') < 0 && name.indexOf('?') < 0)
                .toList();
    }

    /** Whether a canary of this name can be among the targets. */
    public boolean canHave(String canary) {
        return selector.isPresent()
                || exact(kustomizations).size() < kustomizations.size()
                || exact(helmReleases).size() < helmReleases.size()
                || kustomizations.contains(canary)
                || helmReleases.contains(canary);
    }

    /** The selection in words. */
    @Override
    public String toString() {
        var parts = new ArrayList<String>();
        kustomizations.forEach(name -> parts.add(FluxKind.KUSTOMIZATION + " " + name));
        helmReleases.forEach(name -> parts.add(FluxKind.HELM_RELEASE + " " + name));
        selector.ifPresent(labels -> parts.add(labels.toString()));
        return String.join(", ", parts);
    }
}
