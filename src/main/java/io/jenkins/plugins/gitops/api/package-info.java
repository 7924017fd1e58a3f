/** What other plugins may use of this one. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.api;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;

