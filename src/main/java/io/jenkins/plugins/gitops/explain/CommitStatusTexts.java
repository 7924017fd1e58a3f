package io.jenkins.plugins.gitops.explain;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.OutgoingStatus;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.remote.AddressForm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Creates the commit statuses about changes that the plugin posts to forges. */
public final class CommitStatusTexts {

    private CommitStatusTexts() {}

    /** The pending statuses of queued changes, with the reason why each waits, by the SHAs of their commits. */
    public static Map<String, OutgoingStatus> queued(List<RepositoryState.QueuedChange> queue) {
        var shown = new LinkedHashMap<String, OutgoingStatus>();
        for (RepositoryState.QueuedChange change : queue) {
            ChangeStatus status = change.status();
            shown.put(status.sha(), new OutgoingStatus(CheckState.PENDING, status.reason(), build(change.trailers())));
        }
        return shown;
    }

    /** The statuses of ended changes, with their outcomes, by the SHAs of their last commits. */
    public static Map<String, OutgoingStatus> decided(List<DecidedChange> decided, String mainBranch) {
        var shown = new LinkedHashMap<String, OutgoingStatus>();
        for (DecidedChange change : decided) {
            boolean failed = change.outcome() == Outcome.EVICTED || change.outcome() == Outcome.LOST;
            String what = change.outcome() == Outcome.MERGED
                    ? merged(change, mainBranch)
                    : Character.toUpperCase(change.outcome().toString().charAt(0))
                            + change.outcome().toString().substring(1) + ": " + change.reason();
            shown.put(
                    change.sha(),
                    new OutgoingStatus(
                            failed ? CheckState.FAILURE : CheckState.SUCCESS, what, build(change.trailers())));
        }
        return shown;
    }

    private static String merged(DecidedChange change, String mainBranch) {
        return change.trailers()
                .filter(trailers -> trailers.operation() == ChangeOperation.PROMOTE)
                .map(trailers -> "Promoted to " + trailers.wavePath() + ": merged into " + mainBranch)
                .orElse("Merged into " + mainBranch);
    }

    /**
     * The URL of the build of a change. Trailers can be written by hand, so it is used only if it is the address of a
     * web page.
     */
    private static Optional<String> build(Optional<ChangeTrailers> trailers) {
        return trailers.flatMap(ChangeTrailers::buildUrl).flatMap(AddressForm::webPage);
    }
}
