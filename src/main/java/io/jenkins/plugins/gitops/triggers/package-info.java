/**
 * Triggers of jobs, by announced images and by promotions that are due, and the causes of the builds they start.
 * Endpoints and pages start builds by {@code AnnouncementBuildStarter} and {@code PromotionBuildStarter}.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.triggers;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
