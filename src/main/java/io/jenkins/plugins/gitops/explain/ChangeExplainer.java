package io.jenkins.plugins.gitops.explain;

import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.ChangeStatus.Rewrite;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.queue.MainCommit;
import io.jenkins.plugins.gitops.queue.MergePolicy;
import io.jenkins.plugins.gitops.queue.QueueVerdicts;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says why a change is where it is, in sentences that stay the same while nothing changes. */
final class ChangeExplainer {

    /** So many rewrites without any verdict mean that main moves faster than CI can follow. */
    private static final int MANY_REWRITES = 3;

    private final RepositorySettings settings;
    private final JudgedQueue judged;
    private final QueueVerdicts verdicts;
    private final CommitQueue queue;

    ChangeExplainer(RepositorySettings settings, JudgedQueue judged) {
        this.settings = settings;
        this.judged = judged;
        this.verdicts = judged.verdicts();
        this.queue = judged.queue();
    }

    /**
     * A change that is on the auto branch, by its place there.
     *
     * @param obstacle why it is not known whether the change, or one below it, may be merged
     */
    ChangeStatus queued(int index, List<Rewrite> rewrites, Optional<String> obstacle) {
        QueuedCommit commit = queue.commits().get(index);
        Verdict verdict = verdicts.commits().get(index);
        String reason = obstacle.isPresent() && queue.straight() && verdict.isGreen()
                ? "The change is green, but waits: " + obstacle.get()
                : reason(index, commit, verdict);
        if (verdict.isSilent() && rewrites.size() >= MANY_REWRITES) {
            reason += " The change was rewritten " + rewrites.size()
                    + " times without a verdict: main moves faster than CI.";
        }
        if (judged.generating().isPresent()) {
            reason += " " + judged.generating().get();
        }
        return ChangeStatus.of(commit.id(), commit.sha().name(), commit.subject(), reason, commit.committed())
                .withChecks(verdict.required())
                .withRewrites(rewrites);
    }

    private String reason(int index, QueuedCommit commit, Verdict verdict) {
        if (!queue.straight()) {
            return settings.mainBranch() + " has moved to " + CommitSha.abbreviate(queue.main())
                    + " since; the change is replayed on that next.";
        }
        if (verdict.isRed()) {
            return red(index, verdict);
        }
        if (verdict.isGreen()) {
            return green(index);
        }
        if (!verdict.pending().isEmpty() || !verdict.remarks().isEmpty()) {
            String waiting = verdict.pending().isEmpty() ? "" : "Waiting for " + list(verdict.pending()) + ".";
            return (waiting + remarks(verdict) + unheard(verdict)).strip();
        }
        if (!verdict.sourceProblems().isEmpty()) {
            return "Waiting for its checks." + unheard(verdict);
        }
        boolean tip = index == queue.commits().size() - 1;
        boolean overdue = !judged.at().isBefore(commit.committed().plus(settings.missingChecksAfter()));
        if (tip && overdue) {
            return "Nobody has reported " + list(verdict.missing()) + " for "
                    + Durations.format(settings.missingChecksAfter()) + ": does CI build the branch "
                    + settings.autoBranch() + " and report it?";
        }
        return tip
                ? "Waiting for " + list(verdict.missing()) + ", which nobody has reported yet."
                : "Waiting for " + list(verdict.missing()) + ", on it or on a commit above it.";
    }

    private static String remarks(Verdict verdict) {
        return verdict.remarks().stream().map(remark -> " " + remark).collect(Collectors.joining());
    }

    private static String unheard(Verdict verdict) {
        return verdict.sourceProblems().stream().map(why -> " " + sentence(why)).collect(Collectors.joining());
    }

    private String green(int index) {
        if (judged.mainRefusal().isPresent()) {
            return "The change is green, but the server refuses to move " + settings.mainBranch() + ": "
                    + judged.mainRefusal().get() + ". The push is tried again.";
        }
        return judged.decision() instanceof MergePolicy.Decision.Merge merge && merge.index() >= index
                ? (settings.requiredChecks().isEmpty() ? "No check is required; " : "The change is green; ")
                        + settings.mainBranch() + " moves to its commit next."
                : "The change is green, but a red change below it must go first.";
    }

    private String red(int index, Verdict verdict) {
        String failed = "Red: " + verdict.describeFailures();
        boolean lowest = judged.verdicts().colors().indexOf(Verdict.Color.RED) == index;
        if (judged.decision() instanceof MergePolicy.Decision.Evict evict && evict.index() == index) {
            return failed + ". The change is evicted unless a re-run turns the check green by "
                    + verdict.since().plus(settings.redGrace()).truncatedTo(ChronoUnit.SECONDS) + ".";
        }
        if (!lowest) {
            return failed + ", but a change below it is red too, and is decided first.";
        }
        if (judged.decision() instanceof MergePolicy.Decision.MainInDoubt) {
            String tip = settings.mainBranch() + " itself (" + CommitSha.abbreviate(queue.main()) + ")";
            return judged.main() == Verdict.Color.RED
                    ? failed + ", but " + tip + " is red too: "
                            + verdicts.main().describeFailures() + "."
                    : failed + ", but " + tip
                            + " has no verdict yet: run CI on it, or wait: if nobody reports on it for "
                            + Durations.format(settings.missingChecksAfter()) + ", it counts as green."
                            + unheard(verdicts.main());
        }
        if (judged.decision() instanceof MergePolicy.Decision.Merge) {
            return failed + ", but a green change below it is merged first.";
        }
        return failed + ", but changes below it are undecided and are tested to find the one to blame.";
    }

    /** A change that ended. */
    static ChangeStatus ended(DecidedChange change, List<Rewrite> rewrites) {
        var end = new ChangeStatus.End(change.outcome(), change.cause(), change.mainSha());
        return ChangeStatus.of(change.id(), change.sha(), change.subject(), sentence(change.reason()), change.at())
                .with(end)
                .withChecks(change.checks())
                .withRewrites(rewrites);
    }

    /** A commit that main has without a decision about it: a user or another client moved main there. */
    static ChangeStatus onMain(String id, MainCommit commit, List<Rewrite> rewrites) {
        String sha = commit.sha().name();
        var end = new ChangeStatus.End(Outcome.MERGED, Optional.empty(), Optional.of(sha));
        return ChangeStatus.of(id, sha, commit.subject(), "Main contains it.", commit.when())
                .with(end)
                .withRewrites(rewrites);
    }

    private static String sentence(String words) {
        return words.isEmpty()
                ? ""
                : Character.toUpperCase(words.charAt(0)) + words.substring(1) + (words.endsWith(".") ? "" : ".");
    }

    private static String list(List<String> names) {
        return names.isEmpty() ? "its checks" : String.join(", ", names);
    }
}
