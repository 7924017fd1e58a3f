/**
 * Check results of commits: those that sources of results have, those that are reported to this controller, and the
 * verdict on a commit by its required checks. {@code CheckWatch} and {@code RequiredCheckPolicy} are the door for the
 * driver, {@code StatusSource} for all that knows results.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.ci;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
