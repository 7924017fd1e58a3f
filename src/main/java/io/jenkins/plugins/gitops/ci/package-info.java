/** Check results and what the required ones together say of a commit. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.ci;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
