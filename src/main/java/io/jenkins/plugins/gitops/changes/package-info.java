/**
 * Automatic changes as git stores them: their trailers, the state ref with the history of decisions, and the notes
 * with the checks of merged commits. The queue, the driver and the explanations come in by {@code ChangeTrailers},
 * {@code StateRef} and {@code DecisionHistory}.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.changes;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
