package io.jenkins.plugins.gitops.common;

/** Somebody's interest in a change, until it is closed. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    @Override
    void close();
}
