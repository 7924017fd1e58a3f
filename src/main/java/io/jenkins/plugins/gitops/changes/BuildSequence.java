package io.jenkins.plugins.gitops.changes;

import java.util.Optional;

/**
 * Who is newer among the changes of one origin.
 *
 * @param job the full name of the job, or the name of the announcer
 * @param number its build number; the higher is newer
 */
public record BuildSequence(String job, long number) {

    /** Reads {@code <job>#<number>}. */
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
