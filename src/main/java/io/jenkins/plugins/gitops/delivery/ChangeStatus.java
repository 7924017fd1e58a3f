package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The state of a change, and its reason.
 *
 * @param sha its commit now; empty text if it is not known
 * @param reason a sentence: what it waits for, or how it ended
 * @param end empty while it is queued, or its end is not known
 * @param checks the results of its required checks
 * @param rewrites the commits that it had before, as far as this process has seen them
 * @param since when it came to its place in the queue, or ended
 */
public record ChangeStatus(
        String id,
        String sha,
        String subject,
        String reason,
        Optional<End> end,
        List<CheckStatus> checks,
        List<Rewrite> rewrites,
        Instant since) {

    /**
     * How a change ended.
     *
     * @param cause of an eviction, see the constants of {@link io.jenkins.plugins.gitops.changes.DecidedChange}
     * @param mainSha the commit on main that is the change or has its content
     */
    public record End(Outcome outcome, Optional<String> cause, Optional<String> mainSha) {}

    /** The commit of a change was replaced by another with the same content on a new base. */
    public record Rewrite(String from, String to, String why) {}

    public ChangeStatus {
        checks = List.copyOf(checks);
        rewrites = List.copyOf(rewrites);
    }

    /** The status of a change that has not ended, without checks and rewrites. */
    public static ChangeStatus of(String id, String sha, String subject, String reason, Instant since) {
        return new ChangeStatus(id, sha, subject, reason, Optional.empty(), List.of(), List.of(), since);
    }

    /** The status of a change of which nothing is known. */
    public static ChangeStatus unknown(String id, String reason, Instant since) {
        return of(id, "", "", reason, since);
    }

    /** The status of a change that the repository does not have any more. */
    public static ChangeStatus lost(String id, String reason, Instant since) {
        return unknown(id, reason, since).with(new End(Outcome.LOST, Optional.empty(), Optional.empty()));
    }

    /** The same change with its end. */
    public ChangeStatus with(End its) {
        return new ChangeStatus(id, sha, subject, reason, Optional.of(its), checks, rewrites, since);
    }

    /** The same change with the results of its required checks. */
    public ChangeStatus withChecks(List<CheckStatus> its) {
        return new ChangeStatus(id, sha, subject, reason, end, its, rewrites, since);
    }

    /** The same change with the commits that it had before. */
    public ChangeStatus withRewrites(List<Rewrite> its) {
        return new ChangeStatus(id, sha, subject, reason, end, checks, its, since);
    }

    /** The same status with another reason. */
    public ChangeStatus because(String other) {
        return new ChangeStatus(id, sha, subject, other, end, checks, rewrites, since);
    }

    public boolean ended() {
        return end.isPresent();
    }

    /** The end; empty while it is queued. */
    public Optional<Outcome> outcome() {
        return end.map(End::outcome);
    }

    /** Why it was evicted; empty if it was not. */
    public Optional<String> cause() {
        return end.flatMap(End::cause);
    }

    /** The commit on main that is the change or has its content. */
    public Optional<String> mainSha() {
        return end.flatMap(End::mainSha);
    }

    /** The names of the required checks that failed. */
    public List<String> failedChecks() {
        return checks.stream()
                .filter(CheckStatus::isFailed)
                .map(CheckStatus::context)
                .toList();
    }
}
