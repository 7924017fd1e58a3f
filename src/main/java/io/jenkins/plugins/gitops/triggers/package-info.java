/** What starts jobs: images that were announced over HTTP. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.triggers;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
