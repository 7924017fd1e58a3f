/**
 * The services that run what is configured: drivers of repositories, watches of Argo CD servers, clients of forges and
 * registries, and the lookup of stored credentials.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.runtime;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
