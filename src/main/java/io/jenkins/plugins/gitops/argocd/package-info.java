/**
 * The client of Argo CD: applications, followed by one watch for each server, and how far a rollout is.
 * {@code ArgoCdWatch}, {@code ApplicationLookup} and {@code RolloutJudge} are the door for the waves, the driver and
 * {@code runtime}.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.argocd;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
