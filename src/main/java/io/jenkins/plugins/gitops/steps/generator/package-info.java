/** The step with which the builds of a generator make the generated files of commits. No other room comes in. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.steps.generator;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
