/**
 * The data that is saved with a build: its images and the timeline of its delivery, shown on the build page. Steps
 * write it by {@code DeliveryAction} and {@code RecordedImage}, and pages read it.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.build;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
