/**
 * The threads of a controller: pools of a kind of work each, in which one server or repository that hangs does not hold
 * up the others. {@code PluginExecutors} is the door.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.runtime.executors;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
