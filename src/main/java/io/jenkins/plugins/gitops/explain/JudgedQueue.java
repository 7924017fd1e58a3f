package io.jenkins.plugins.gitops.explain;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.queue.MergePolicy;
import io.jenkins.plugins.gitops.queue.QueueVerdicts;
import java.time.Instant;

/**
 * A snapshot of a repository with the verdicts of its queue.
 *
 * @param main whether main's own tip is green, as far as that is known
 * @param mainRefusal the server's words if it would not let main be moved, or null
 */
public record JudgedQueue(
        RefSnapshot view,
        CommitQueue line,
        QueueVerdicts verdicts,
        MergePolicy.Decision decision,
        Verdict.Color main,
        @CheckForNull String mainRefusal,
        Instant at) {}
