/**
 * The common part of the steps: binding of arguments, bodies that change the config tree, and executions that survive a
 * restart. Only {@code steps} comes in, by the base classes {@code GitOpsStep}, {@code BodyStep},
 * {@code ResumableExecution}, {@code DeadlineExecution} and {@code BodyStepExecution}.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
