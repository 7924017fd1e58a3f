package io.jenkins.plugins.gitops.runtime;

import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import io.jenkins.plugins.gitops.ci.RateLimit;
import io.jenkins.plugins.gitops.delivery.DriverListener;
import java.util.List;
import java.util.function.Supplier;

/** Somebody who counts what drivers do, where a plugin is installed that shows it. */
abstract class MetricsListener implements ExtensionPoint {

    static List<MetricsListener> all() {
        return ExtensionList.lookup(MetricsListener.class);
    }

    /** A repository is driven from now on; its name may have been used before. */
    abstract DriverListener repository(String name);

    /** The API of a forge may be asked from now on. */
    abstract void forge(String url, @Nullable String credentialsId, Supplier<RateLimit.Usage> usage);
}
