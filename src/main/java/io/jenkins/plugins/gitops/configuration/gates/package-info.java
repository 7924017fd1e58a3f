/**
 * The gates of waves as configured: what verifies a set that a wave runs, who has to approve one, and which other
 * systems are asked. {@code VerificationDefinition} and {@code ApprovalsDefinition} are the door for the configuration
 * of waves.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.configuration.gates;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
