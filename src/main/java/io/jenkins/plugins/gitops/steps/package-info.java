/**
 * The Pipeline steps, one step and one execution each: they check arguments, submit requests to the driver, wait and
 * report. No other room comes in; Jenkins finds the steps as extensions.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
