package io.jenkins.plugins.gitops.changes;

import io.jenkins.plugins.gitops.common.SingleLine;
import java.util.Optional;

/**
 * The place of a change among the changes of one job or announcer, by which the newer of two is found.
 *
 * @param job the identity of the job, which it keeps when it is moved, or the name of the announcer; as the single line
 *     that a commit message keeps
 * @param number the number of the build or announcement; the higher one is newer
 */
public record BuildSequence(String job, long number) {

    public BuildSequence {
        job = SingleLine.whole(job);
    }

    /** Parses {@code <job>#<number>}; empty for a text of another form. */
    public static Optional<BuildSequence> of(String text) {
        int hash = text.lastIndexOf('#');
        if (hash <= 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BuildSequence(text.substring(0, hash), Long.parseLong(text.substring(hash + 1))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return job + "#" + number;
    }
}
