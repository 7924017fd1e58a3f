/**
 * The cached clone of a config repository: fetching and pushing with leases, and trees and commits that are made in
 * memory. {@code ConfigRepoClone} is the door for the engine, and {@code RefSnapshot} is what it reads.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.git;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
