package io.jenkins.plugins.gitops.ci;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.ForgeUnavailable;

/** Where the token of a forge comes from. It is asked for anew each time, and may take its time. */
@FunctionalInterface
public interface ForgeToken {

    /**
     * The token as it is now, of whatever length, or null where the forge is asked without one.
     *
     * @throws ForgeUnavailable if there is none, with a sentence that says what to do
     */
    @CheckForNull
    String get() throws ForgeUnavailable;
}
