package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.PostedStatus;
import io.jenkins.plugins.gitops.repo.ChangeTrailers;
import io.jenkins.plugins.gitops.repo.DecidedChange;
import io.jenkins.plugins.gitops.repo.Operation;
import io.jenkins.plugins.gitops.repo.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What forges are told of changes, by their commits. */
final class Shown {

    private Shown() {}

    /** What queued changes wait for. */
    static Map<String, PostedStatus> queued(List<RepositoryState.Queued> queue) {
        var shown = new LinkedHashMap<String, PostedStatus>();
        for (RepositoryState.Queued change : queue) {
            ChangeStatus status = change.status();
            shown.put(status.sha(), new PostedStatus(CheckState.PENDING, status.reason(), build(change.trailers())));
        }
        return shown;
    }

    /** How changes ended. */
    static Map<String, PostedStatus> decided(List<DecidedChange> decided, String mainBranch) {
        var shown = new LinkedHashMap<String, PostedStatus>();
        for (DecidedChange change : decided) {
            boolean failed = change.outcome() == Outcome.EVICTED || change.outcome() == Outcome.LOST;
            String what = change.outcome() == Outcome.MERGED
                    ? merged(change, mainBranch)
                    : Character.toUpperCase(change.outcome().toString().charAt(0))
                            + change.outcome().toString().substring(1) + ": " + change.reason();
            shown.put(
                    change.sha(),
                    new PostedStatus(failed ? CheckState.FAILURE : CheckState.SUCCESS, what, build(change.trailers())));
        }
        return shown;
    }

    private static String merged(DecidedChange change, String mainBranch) {
        return change.trailers()
                .filter(trailers -> trailers.operation() == Operation.PROMOTE)
                .map(trailers -> "Promoted to " + trailers.wave() + ": merged into " + mainBranch)
                .orElse("Merged into " + mainBranch);
    }

    /** Trailers can be written by hand, so that only what is a link becomes one. */
    @CheckForNull
    private static String build(Optional<ChangeTrailers> trailers) {
        return trailers.map(ChangeTrailers::build)
                .filter(url -> url.matches("https?://\\S+"))
                .orElse(null);
    }
}
