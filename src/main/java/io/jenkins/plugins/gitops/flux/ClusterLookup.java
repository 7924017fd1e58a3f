package io.jenkins.plugins.gitops.flux;

/** Gives access to the objects of Flux in the configured clusters, as they were last seen. Does not block. */
@FunctionalInterface
public interface ClusterLookup {

    /** The lookup where no cluster is configured. */
    ClusterLookup NONE = cluster -> ClusterSnapshot.NOTHING;

    /** Returns the objects of a cluster as they were last seen, and the problem if it cannot be read now. */
    ClusterSnapshot in(String cluster);
}
