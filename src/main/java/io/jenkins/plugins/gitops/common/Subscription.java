package io.jenkins.plugins.gitops.common;

/** What a method that subscribes a listener returns: the listener is called until this is closed. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {

    /** Ends the subscription; does nothing if that was done before. */
    @Override
    void close();
}
