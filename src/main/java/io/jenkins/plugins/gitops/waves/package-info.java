/**
 * The waves of a config repository and the conditions of promotions between them. {@code Wave}, {@code WavePath}
 * and {@code Gates} are the door for promotion, configuration and pages.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.waves;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
