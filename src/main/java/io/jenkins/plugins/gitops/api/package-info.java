/** The interface of this plugin to other plugins. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.api;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
