package io.jenkins.plugins.gitops.ci;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The commits between two commits of an application.
 *
 * @param newest the newest of them, the newest first
 * @param count how many there are, as far as they were counted
 * @param more whether there are more than were counted
 * @param problem why they are not known, a sentence; empty if they are
 */
public record CommitRange(List<Commit> newest, int count, boolean more, Optional<String> problem) {

    /** Enough to see what a release is about; the rest is where the comparison leads to. */
    public static final int LISTED = 30;

    /**
     * A commit.
     *
     * @param subject the first line of its message
     * @param author the name of its author
     * @param at when it was committed
     */
    public record Commit(String sha, String subject, String author, Instant at) {}

    public CommitRange {
        newest = List.copyOf(newest);
    }

    /**
     * Creates a range of commits in the order of their history, whichever end of it is first.
     *
     * @param commits all of them, or the newest
     */
    public static CommitRange of(List<Commit> commits, int count, boolean more) {
        var newestFirst = new ArrayList<>(commits);
        boolean oldestFirst = commits.size() > 1
                && commits.get(0).at().isBefore(commits.get(commits.size() - 1).at());
        if (oldestFirst) {
            Collections.reverse(newestFirst);
        }
        return new CommitRange(
                newestFirst.subList(0, Math.min(LISTED, newestFirst.size())),
                Math.max(count, commits.size()),
                more,
                Optional.empty());
    }

    /** A range that could not be read. */
    public static CommitRange unknown(String problem) {
        return new CommitRange(List.of(), 0, false, Optional.of(problem));
    }
}
