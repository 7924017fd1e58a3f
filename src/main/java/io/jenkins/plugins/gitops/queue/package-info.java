/**
 * The auto branch: the queue of commits on main, appending to it, replaying it on another base, and the policy that
 * decides which commits merge. The driver and the rooms that explain it come in by {@code AutoBranch},
 * {@code CommitQueue} and {@code MergePolicy}.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.queue;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
