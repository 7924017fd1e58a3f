/**
 * Connections to the git server of a config repository: credentials, ssh keys, and what a failed connection means.
 * {@code RemoteRepository} is the door.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.git.remote;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
