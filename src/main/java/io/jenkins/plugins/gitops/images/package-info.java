/**
 * Image references and image sets, their form in announcements, and their files in a config repository.
 * {@code ImageSet}, {@code ImageRef} and {@code ImageSetLayout} are the door for all rooms that read or write images.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.images;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
