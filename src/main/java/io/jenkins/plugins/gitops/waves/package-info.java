/** Deployment waves. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.waves;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
