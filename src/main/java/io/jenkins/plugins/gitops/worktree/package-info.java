/**
 * Converts between the files of a workspace and the objects of git, without a git work tree: which paths may be
 * committed, which files are ignored, and how attributes convert their content. {@code ConfigTree} is the door for the
 * engine.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.worktree;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
