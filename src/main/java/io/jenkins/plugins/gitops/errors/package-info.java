/** What can go wrong, as a few types, each with a sentence for people. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.errors;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
