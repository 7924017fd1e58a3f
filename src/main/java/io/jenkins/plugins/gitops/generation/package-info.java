/**
 * Generated files: which trees the generator has to complete, who is at it, and what it has answered. Knows no Jenkins:
 * builds are names here.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.generation;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
