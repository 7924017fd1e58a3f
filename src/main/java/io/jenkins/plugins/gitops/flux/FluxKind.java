package io.jenkins.plugins.gitops.flux;

/** The kinds of objects of Flux that are read, with their resources in the API of Kubernetes. */
public enum FluxKind {
    GIT_REPOSITORY("GitRepository", "source.toolkit.fluxcd.io/v1", "gitrepositories"),
    KUSTOMIZATION("Kustomization", "kustomize.toolkit.fluxcd.io/v1", "kustomizations"),
    HELM_RELEASE("HelmRelease", "helm.toolkit.fluxcd.io/v2", "helmreleases");

    private final String word;
    private final String apiVersion;
    private final String resource;

    FluxKind(String word, String apiVersion, String resource) {
        this.word = word;
        this.apiVersion = apiVersion;
        this.resource = resource;
    }

    /** Whether Flux can be installed without the controller of this kind, so that a cluster may not know it. */
    boolean isOptional() {
        return this == HELM_RELEASE;
    }

    /** The name of the resource in rights of Kubernetes. */
    String resource() {
        return resource;
    }

    /** The API group, without its version. */
    String group() {
        return apiVersion.substring(0, apiVersion.indexOf('/'));
    }

    /** The path of the list of all objects, or of those of a namespace; empty for all. */
    String path(String namespace) {
        return "/apis/" + apiVersion + (namespace.isEmpty() ? "" : "/namespaces/" + namespace) + "/" + resource;
    }

    /** The kind as Kubernetes writes it. */
    @Override
    public String toString() {
        return word;
    }
}
