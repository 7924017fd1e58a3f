/**
 * Where administrators say which config repositories there are: the global configuration, its forms, and the drivers
 * that run what is configured.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
