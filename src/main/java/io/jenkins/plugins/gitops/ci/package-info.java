/**
 * Check results of commits: those that the clients of GitHub, GitLab and Gitea read, those that are reported to this
 * controller, and the verdict on a commit by its required checks. {@code CheckWatch} and
 * {@code RequiredCheckPolicy} are the door for the driver, {@code StatusSource} and {@code ForgeClient} for the
 * configuration.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.ci;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
