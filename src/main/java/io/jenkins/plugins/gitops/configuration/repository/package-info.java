/** Parts of a config repository's configuration that are forms of their own. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.configuration.repository;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
