/**
 * The services of a controller that carry out the configuration: drivers, watches of Argo CD servers, clients of forges
 * and registries, metrics. {@code DriverRegistry} is the door for steps, triggers, pages and endpoints.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.runtime;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
