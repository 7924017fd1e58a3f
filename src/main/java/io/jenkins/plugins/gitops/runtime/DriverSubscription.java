package io.jenkins.plugins.gitops.runtime;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.driver.DriverLoop;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A subscription to the driver of a repository. When the driver is replaced, the registry attaches it to the new one.
 * The lock of the registry guards its state.
 */
final class DriverSubscription implements Subscription {

    private final DriverRegistry registry;
    private final String repository;
    private final Function<DriverLoop, Subscription> subscribe;
    private final Consumer<String> onNoDriver;

    @CheckForNull
    private DriverLoop driver;

    @CheckForNull
    private Subscription subscription;

    /**
     * Creates a subscription that is not attached to a driver yet.
     *
     * @param subscribe subscribes to a driver
     * @param onNoDriver receives a sentence that says why there is no driver, on a thread for callbacks
     */
    DriverSubscription(
            DriverRegistry registry,
            String repository,
            Function<DriverLoop, Subscription> subscribe,
            Consumer<String> onNoDriver) {
        this.registry = registry;
        this.repository = repository;
        this.subscribe = subscribe;
        this.onNoDriver = onNoDriver;
    }

    /**
     * Subscribes to the present driver, unless it is subscribed to it already. The caller holds the lock of the
     * registry.
     */
    void attach() {
        DriverLoop now;
        try {
            now = registry.driver(repository);
        } catch (IllegalArgumentException e) {
            // Subscribed when the configuration is changed so that there is a driver again.
            if (!registry.isStopped()) {
                String trouble = "Nothing is known of the config repository \"" + repository
                        + "\" while it is not driven: " + e.getMessage()
                        + " If it was renamed, this waits until there is one of that name again.";
                registry.executors().callbacks().execute(() -> onNoDriver.accept(trouble));
            }
            return;
        }
        if (now != driver) {
            driver = now;
            subscription = subscribe.apply(now);
        }
    }

    @Override
    public void close() {
        Subscription ended;
        synchronized (registry) {
            registry.forget(this);
            ended = subscription;
            subscription = null;
        }
        if (ended != null) {
            ended.close();
        }
    }
}
