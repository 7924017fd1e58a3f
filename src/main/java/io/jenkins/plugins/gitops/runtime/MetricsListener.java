package io.jenkins.plugins.gitops.runtime;

import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import io.jenkins.plugins.gitops.ci.forges.RateLimit;
import io.jenkins.plugins.gitops.delivery.DriverListener;
import java.util.List;
import java.util.function.Supplier;

/** Receives the drivers and forge clients of this controller, to measure them. */
abstract class MetricsListener implements ExtensionPoint {

    static List<MetricsListener> all() {
        return ExtensionList.lookup(MetricsListener.class);
    }

    /** Returns the listener of a new driver; called again if the driver of a repository is replaced. */
    abstract DriverListener driverListener(String repository);

    /** Called before the first request to the API of a forge with these credentials. */
    abstract void forgeUsed(String url, @Nullable String credentialsId, Supplier<RateLimit.Usage> usage);
}
