/** The steps for approvals, verifications, and images that are accepted again. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.steps.gates;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
