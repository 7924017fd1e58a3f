/**
 * The values that the driver takes and gives: settings, requests, results, and the state of a repository. All rooms
 * above come in by these types, which have no behaviour of their own.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
