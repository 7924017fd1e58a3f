/**
 * Patterns that others write, matched in a time that no pattern makes long, and the budget of work for what can take
 * longer than its size tells.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.matching;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
