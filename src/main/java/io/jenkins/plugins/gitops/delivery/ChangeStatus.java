package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import java.time.Instant;
import java.util.List;

/**
 * Where a change is, and why.
 *
 * @param sha its commit now
 * @param outcome how it ended, or null while it is queued
 * @param cause for an eviction: {@code red}, {@code conflict} or {@code requested}; else null
 * @param reason a sentence: what it waits for, or how it ended
 * @param mainSha the commit on main that is it or has its content, or null
 * @param checks what its required checks said
 * @param failedChecks the names of those that failed
 * @param rewrites how it came to its present commit, as far as this process has seen it
 * @param since when it came to its place, or ended
 */
public record ChangeStatus(
        String id,
        String sha,
        String subject,
        @CheckForNull Outcome outcome,
        @CheckForNull String cause,
        String reason,
        @CheckForNull String mainSha,
        List<CheckStatus> checks,
        List<String> failedChecks,
        List<Rewrite> rewrites,
        Instant since) {

    /** A change's commit was replaced by another with the same content on a new base. */
    public record Rewrite(String from, String to, String why) {}

    public ChangeStatus(
            String id,
            String sha,
            String subject,
            @Nullable Outcome outcome,
            @Nullable String cause,
            String reason,
            @Nullable String mainSha,
            List<CheckStatus> checks,
            List<String> failedChecks,
            List<Rewrite> rewrites,
            Instant since) {
        this.id = id;
        this.sha = sha;
        this.subject = subject;
        this.outcome = outcome;
        this.cause = cause;
        this.reason = reason;
        this.mainSha = mainSha;
        this.checks = List.copyOf(checks);
        this.failedChecks = List.copyOf(failedChecks);
        this.rewrites = List.copyOf(rewrites);
        this.since = since;
    }

    /** A change of which nothing is known but perhaps how it ended, without a reason. */
    public static ChangeStatus unknown(String id, @Nullable Outcome outcome, Instant since) {
        return new ChangeStatus(id, "", "", outcome, null, "", null, List.of(), List.of(), List.of(), since);
    }

    /** The same for another reason. */
    public ChangeStatus because(String other) {
        return new ChangeStatus(
                id, sha, subject, outcome, cause, other, mainSha, checks, failedChecks, rewrites, since);
    }

    /** Whether it has ended. */
    public boolean ended() {
        return outcome != null;
    }
}
