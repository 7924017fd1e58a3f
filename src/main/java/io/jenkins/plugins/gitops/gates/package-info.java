/**
 * The gates of waves on a controller: who may approve, the builds that verify, and the other systems that are asked.
 * {@code SetApprover}, {@code VerificationRunner} and {@code VerificationBuildStarter} are the door for pages, steps and
 * endpoints.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.gates;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
