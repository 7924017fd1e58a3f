package io.jenkins.plugins.gitops.common;

/** Somebody's interest in a server's applications, until it is closed. */
@FunctionalInterface
public interface Following extends AutoCloseable {
    @Override
    void close();
}
