package io.jenkins.plugins.gitops.ci;

import java.io.IOException;

/** Gives access to what is known of commits from one source. Does not wait for the source. */
@FunctionalInterface
public interface StatusLookup {

    /**
     * Returns what is known of a commit.
     *
     * @param sha the full name of the commit
     * @throws IOException if what is known is kept in git and cannot be read
     */
    SourceResponse of(String sha) throws IOException;
}
