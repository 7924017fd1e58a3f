/**
 * The sources of check results and the required checks of a config repository, as configured: forges, multibranch jobs,
 * and results that are reported. {@code runtime} implements {@code ForgeProbe}.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.configuration.checks;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
