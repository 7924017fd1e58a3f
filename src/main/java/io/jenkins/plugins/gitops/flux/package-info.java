/**
 * Flux in Kubernetes clusters: its objects, followed by one watch for each cluster and kind, and how far a rollout is.
 * {@code ClusterWatch}, {@code ClusterLookup} and {@code FluxJudge} are the door for the waves, the driver and
 * {@code runtime}.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.flux;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
