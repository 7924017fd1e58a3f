/**
 * Why a change or a wave is where it is, as text, as JSON and as commit statuses, read from git alone.
 * {@code WhyReport} is the door for the command line, {@code StateJson} for the endpoint, {@code JudgedQueue} for the
 * driver.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.explain;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
