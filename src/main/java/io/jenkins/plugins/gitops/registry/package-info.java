/**
 * The client of image registries, which resolves a tag to a digest by the OCI distribution protocol.
 * {@code ImageResolver} is the door, for the steps that record images.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.registry;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
