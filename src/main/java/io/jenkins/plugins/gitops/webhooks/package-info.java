/** What other systems may ask of this controller over HTTP. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
