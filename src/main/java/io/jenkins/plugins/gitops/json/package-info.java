/** Strict reading and canonical writing of JSON. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.json;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
