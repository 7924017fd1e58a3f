package io.jenkins.plugins.gitops.ci;

import java.io.IOException;

/** What is known of commits from one source. Answers at once: whoever has to ask somebody for it has done so before. */
@FunctionalInterface
public interface StatusLookup {

    /** What is known of a commit, by its full SHA. */
    SourceResponse of(String sha) throws IOException;
}
