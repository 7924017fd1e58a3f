/**
 * The common part of all clients of other systems: the addresses that they may open and link to, the limits of what they
 * send and read, and the removal of secrets from the texts that they receive.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.remote;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
