/** The Pipeline steps: they bind what a Jenkinsfile says, ask the drivers, wait, and report. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
