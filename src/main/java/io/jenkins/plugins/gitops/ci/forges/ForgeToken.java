package io.jenkins.plugins.gitops.ci.forges;

import io.jenkins.plugins.gitops.common.ForgeUnavailable;
import java.util.Optional;

/** Provides the token of a forge. It is called before each request, and may block. */
@FunctionalInterface
public interface ForgeToken {

    /**
     * Returns the present token; empty if the forge is called without one.
     *
     * @throws ForgeUnavailable if a token is configured but is missing, with a sentence that says what to do
     */
    Optional<String> get() throws ForgeUnavailable;
}
