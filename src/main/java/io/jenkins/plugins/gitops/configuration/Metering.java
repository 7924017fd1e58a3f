package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import io.jenkins.plugins.gitops.ci.Budget;
import io.jenkins.plugins.gitops.delivery.Tally;
import java.util.List;
import java.util.function.Supplier;

/** Somebody who counts what drivers do, where a plugin is installed that shows it. */
abstract class Metering implements ExtensionPoint {

    static List<Metering> all() {
        return ExtensionList.lookup(Metering.class);
    }

    /** A repository is driven from now on; its name may have been used before. */
    abstract Tally repository(String name);

    /** The API of a forge may be asked from now on. */
    abstract void forge(String url, @Nullable String credentialsId, Supplier<Budget.Usage> usage);
}
