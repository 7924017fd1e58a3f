/** Triggers of jobs, by announced images and by promotions that are due, and the causes of the builds they start. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.triggers;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
