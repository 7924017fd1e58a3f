package io.jenkins.plugins.gitops.flux;

import io.jenkins.plugins.gitops.argocd.ApplicationLookup;

/** Access to all that a driver is told of the targets of waves, whatever deploys them. */
public record TargetLookup(ApplicationLookup applications, ClusterLookup clusters) {

    /** The lookup where no cluster with Flux is configured. */
    public static TargetLookup of(ApplicationLookup applications) {
        return new TargetLookup(applications, ClusterLookup.NONE);
    }
}
