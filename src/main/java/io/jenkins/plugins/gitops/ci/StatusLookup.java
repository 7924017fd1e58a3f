package io.jenkins.plugins.gitops.ci;

import java.io.IOException;

/** Gives access to the known results of commits from one source. Does not wait for the source. */
@FunctionalInterface
public interface StatusLookup {

    /**
     * Returns the known results of a commit.
     *
     * @param sha the full name of the commit
     * @throws IOException if the results are stored in git and cannot be read
     */
    SourceResponse of(String sha) throws IOException;
}
