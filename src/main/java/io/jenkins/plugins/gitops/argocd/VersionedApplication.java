package io.jenkins.plugins.gitops.argocd;

/**
 * An application as a server said it once.
 *
 * @param version {@code metadata.resourceVersion}: of two sayings of one application the higher is the newer; 0 if it
 *     is no number
 */
public record VersionedApplication(Application application, long version) {}
