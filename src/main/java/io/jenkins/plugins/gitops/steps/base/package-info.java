/**
 * The common part of the steps: binding of arguments, bodies that change the config tree, and executions that survive a
 * restart. Only the rooms of the steps come in, by the base classes of steps and executions, by
 * {@code StateCommandExecution}, and by {@code StepArguments}.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
