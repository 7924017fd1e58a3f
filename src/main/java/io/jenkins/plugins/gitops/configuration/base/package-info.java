/**
 * What the forms of the configuration share: permissions, the settings that only administrators may add, the rules of
 * single fields, patterns of job names, the choice of stored credentials, and the test of a connection.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.configuration.base;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
