/** Delivers events to listeners of this controller, and to other systems. */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.runtime.events;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
