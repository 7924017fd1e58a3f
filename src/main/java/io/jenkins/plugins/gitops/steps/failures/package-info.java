/**
 * The failures of steps that Jenkinsfiles may handle apart from others, and the conditions of {@code retry} that
 * recognise them. Only {@code steps} comes in, to fail with {@code ChecksFailed} or {@code RolloutFailed}.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.steps.failures;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
