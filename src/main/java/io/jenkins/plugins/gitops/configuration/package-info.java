/**
 * The global configuration: forms, Configuration as Code, validation and permissions. {@code GitOpsWavesConfiguration}
 * and {@code RepositoryDefinition} are the door; {@code runtime}, which carries out the configuration, is notified of
 * changes by {@code ConfigurationListener} and answers forms by {@code FormBackend}.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
