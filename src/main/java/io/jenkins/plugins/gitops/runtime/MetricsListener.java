package io.jenkins.plugins.gitops.runtime;

import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import io.jenkins.plugins.gitops.ci.RateLimit;
import io.jenkins.plugins.gitops.delivery.DriverListener;
import java.util.List;
import java.util.function.Supplier;

/** Is told of drivers and forge clients so that it can measure them. */
abstract class MetricsListener implements ExtensionPoint {

    static List<MetricsListener> all() {
        return ExtensionList.lookup(MetricsListener.class);
    }

    /** Makes the listener of a new driver. There may have been a driver of this repository before. */
    abstract DriverListener driverListener(String repository);

    /** Called before the first request to the API of a forge with these credentials. */
    abstract void forgeUsed(String url, @Nullable String credentialsId, Supplier<RateLimit.Usage> usage);
}
