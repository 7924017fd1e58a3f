/** What all that speaks HTTP shares. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.http;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
