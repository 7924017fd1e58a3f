/** What all other packages share: errors, JSON, HTTP and text helpers. Depends on no other package of the plugin. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.common;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
