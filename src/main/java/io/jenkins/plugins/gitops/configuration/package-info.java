/**
 * The global configuration: its values, its forms, its permissions, and its validation. Services that run what is
 * configured are in the package {@code runtime}, which listens to this one.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
