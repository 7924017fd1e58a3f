/** The driver, which alone moves the auto branch and main, and what the rest of the world may ask of it. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
