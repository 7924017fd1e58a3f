/**
 * Patterns of users, matched in a time that is bounded for every pattern, and a budget for work that can grow faster
 * than the size of its input.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.matching;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
