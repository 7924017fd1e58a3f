/**
 * The clones of configured repositories, which reach their servers with the stored credentials that are configured.
 * {@code CloneOpener} is the door.
 */
@DefaultAnnotation(NonNull.class)
package io.jenkins.plugins.gitops.runtime.clones;

import edu.umd.cs.findbugs.annotations.DefaultAnnotation;
import edu.umd.cs.findbugs.annotations.NonNull;
