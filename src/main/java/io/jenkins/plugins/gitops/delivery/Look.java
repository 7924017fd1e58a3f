package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.repo.Line;
import io.jenkins.plugins.gitops.repo.View;
import java.time.Instant;

/**
 * What one look at a repository found, judged.
 *
 * @param main whether main's own tip is green, as far as that is known
 * @param mainRefusal the server's words if it would not let main be moved, or null
 */
record Look(
        View view,
        Line line,
        Verdicts verdicts,
        Judge.Decision decision,
        Verdict.Color main,
        @CheckForNull String mainRefusal,
        Instant at) {}
