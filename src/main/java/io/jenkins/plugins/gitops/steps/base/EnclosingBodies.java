package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.io.Serializable;
import java.util.TreeSet;

/**
 * The config repositories on which the bodies around a step work; the context of each body has it.
 *
 * @param repositories their names
 */
record EnclosingBodies(TreeSet<String> repositories) implements Serializable {

    /** The bodies around a step whose context has these, or null. */
    static EnclosingBodies of(@Nullable EnclosingBodies outer) {
        return outer == null ? new EnclosingBodies(new TreeSet<>()) : outer;
    }

    boolean include(String repository) {
        return repositories.contains(repository);
    }

    /** These bodies, and one inside them. */
    EnclosingBodies with(String repository) {
        var all = new TreeSet<>(repositories);
        all.add(repository);
        return new EnclosingBodies(all);
    }
}
