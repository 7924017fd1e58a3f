/** The config repository: its cached clone, its refs, and the arithmetic of the auto branch. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.repo;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
