/**
 * What lies between the files of a work tree and the objects of git, without a work tree of its own: which paths may be
 * committed, which files are ignored, and what attributes make of their content. {@code ConfigTree} is the door for the
 * engine.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.worktree;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
