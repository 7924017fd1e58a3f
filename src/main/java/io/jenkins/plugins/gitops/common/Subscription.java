package io.jenkins.plugins.gitops.common;

/** The handle of a listener, returned by the method that adds it. The listener is called until the handle is closed. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {

    /** Ends the subscription; does nothing if that was done before. */
    @Override
    void close();
}
