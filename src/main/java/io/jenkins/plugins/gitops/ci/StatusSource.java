package io.jenkins.plugins.gitops.ci;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A source of check results that can be polled for commits, such as a forge. */
public interface StatusSource {

    /** Returns the name by which required checks are bound to the source, such as {@code github}. */
    String name();

    /**
     * Fetches the check results of a commit. May be called from any thread and does not block; fails with
     * {@link io.jenkins.plugins.gitops.common.ForgeUnavailable} only.
     *
     * @param sha the full name of the commit; results of other commits are ignored
     * @param branches the branches that the commit was pushed to
     */
    CompletableFuture<PollResult> fetch(String sha, Set<String> branches);

    /** Ends the use of the source. */
    default void close() {}

    /**
     * The response of a source to one request.
     *
     * @param results the newest result of each check and app
     * @param unread why parts of the results could not be read, in sentences; checks among the others count
     * @param pause the least time between two requests that keeps within the rate limit, which all clients of the
     *     source share
     */
    record PollResult(List<CheckResult> results, List<String> unread, Duration pause) {
        public PollResult {
            results = List.copyOf(results);
            unread = List.copyOf(unread);
        }

        /** Creates the response of a source that could be read as a whole. */
        public PollResult(List<CheckResult> results, Duration pause) {
            this(results, List.of(), pause);
        }
    }
}
