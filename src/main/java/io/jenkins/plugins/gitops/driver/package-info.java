/**
 * The driver of a config repository, which alone pushes to the auto branch and to main: one round reads the
 * repository, decides, and pushes. {@code DriverLoop} is the door for all that runs on a controller.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
