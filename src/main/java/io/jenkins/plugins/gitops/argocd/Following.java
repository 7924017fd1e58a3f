package io.jenkins.plugins.gitops.argocd;

/** Somebody's interest in a server's applications, until it is closed. */
@FunctionalInterface
public interface Following extends AutoCloseable {
    @Override
    void close();
}
