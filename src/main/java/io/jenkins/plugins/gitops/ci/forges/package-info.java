/**
 * The clients of GitHub, GitLab, Gitea and Bitbucket, which read check results and post statuses. {@code ForgeClient}
 * is the door for the services of the controller, {@code ForgeSettings} for the configuration.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.ci.forges;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
