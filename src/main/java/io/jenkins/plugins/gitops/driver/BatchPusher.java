package io.jenkins.plugins.gitops.driver;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.PushResponse;
import io.jenkins.plugins.gitops.git.RefChange;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Pushes the batches of one round and interprets the answers of the server. A batch that was not accepted is not pushed
 * again: the round reads the repository and decides anew.
 */
final class BatchPusher {

    /**
     * The number of pushes that may fail one after the other before the round ends with the first failure: steps submit
     * their requests again after a pause, and the loop runs the next round.
     */
    private static final int MAX_FAILURES = 5;

    private final ConfigRepoClone repo;
    private final RefNames names;
    private final MergeEvaluator merges;

    @CheckForNull
    private RepoUnavailable firstFailure;

    private int failures;
    private boolean refusedBefore;

    /** The refs of evicted commits that the server had when a push was overtaken. */
    private Map<String, ObjectId> evictedBefore = Map.of();

    /** The answer of the server. */
    enum Answer {
        ACCEPTED,
        /** The connection was lost, so that the push may have been accepted. */
        LOST,
        REJECTED
    }

    /**
     * The outcome of a push.
     *
     * @param after the refs after an accepted push; empty if they have to be read
     */
    record PushOutcome(Answer answer, Optional<RefSnapshot> after) {}

    BatchPusher(ConfigRepoClone repo, RefNames names, MergeEvaluator merges) {
        this.repo = repo;
        this.names = names;
        this.merges = merges;
    }

    /**
     * Pushes a batch.
     *
     * @param before the snapshot on which the batch was made
     * @throws RepoUnavailable if the round cannot go on, since the server refuses the batch or too many pushes failed
     */
    PushOutcome push(RefSnapshot before, RefUpdateBatch batch) throws IOException, RepoUnavailable {
        List<RefChange> changes = withAutoAsPushed(before, batch.changes());
        PushResponse pushed = repo.push(before, overEarlierEvictions(changes));
        if (pushed.accepted()) {
            refusedBefore = false;
            failures = 0;
            return new PushOutcome(Answer.ACCEPTED, Optional.of(before.with(changes)));
        }
        Optional<RepoUnavailable> lost = pushed.lost();
        if (lost.isEmpty() && !pushed.overtaken() && leasesHold(changes)) {
            // A ref that others moved may be back where it was, so only a second refusal is final.
            refused(pushed);
            refusedBefore = true;
            return new PushOutcome(Answer.REJECTED, Optional.empty());
        }
        refusedBefore = false;
        if (pushed.overtaken()) {
            evictedBefore = pushed.found().entrySet().stream()
                    .filter(ref -> ref.getKey().startsWith(names.evicted()))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        }
        countFailure(lost.orElseGet(this::overtaken));
        return new PushOutcome(lost.isPresent() ? Answer.LOST : Answer.REJECTED, Optional.empty());
    }

    private List<RefChange> withAutoAsPushed(RefSnapshot before, List<RefChange> changes) {
        Stream<RefChange> copies = changes.stream()
                .filter(change -> change.ref().equals(names.auto()))
                .map(change -> before.move(names.autoAsPushed(), change.to()))
                .filter(copy -> !copy.from().equals(copy.to()));
        return Stream.concat(changes.stream(), copies).toList();
    }

    /**
     * The refs of evicted commits are not looked at, and are expected to be new. One that is there is of a change that
     * was evicted before, of which the state has lost the end: it moves to the commit that is evicted now.
     */
    private List<RefChange> overEarlierEvictions(List<RefChange> changes) {
        return changes.stream()
                .map(change -> new RefChange(
                        change.ref(), evictedBefore.getOrDefault(change.ref(), change.from()), change.to()))
                .toList();
    }

    private void countFailure(RepoUnavailable failure) throws RepoUnavailable {
        if (failures == 0) {
            firstFailure = failure;
        }
        if (++failures == MAX_FAILURES) {
            throw firstFailure;
        }
    }

    private RepoUnavailable overtaken() {
        return new RepoUnavailable("Others pushed to the config repository " + repo.url()
                + " each time before this could: is another program writing to " + names.autoBranch() + "?");
    }

    /** Whether the server still has the refs that the batch expected, so that no lease made the push fail. */
    private boolean leasesHold(List<RefChange> changes) throws IOException, RepoUnavailable {
        RefSnapshot now = repo.look(names);
        return changes.stream().allMatch(change -> now.get(change.ref()).equals(change.from()));
    }

    private void refused(PushResponse pushed) throws RepoUnavailable {
        Map<String, String> refusals = pushed.refusals();
        // A server that refuses one ref of an atomic push answers for the others that the transaction failed. A hook
        // refuses all alike, and mostly because of a branch.
        String culprit = refusals.entrySet().stream()
                .filter(refusal -> !refusal.getValue().matches("(?i).*(atomic|transaction).*"))
                .map(Map.Entry::getKey)
                .min(Comparator.comparing((String ref) -> !ref.equals(names.main()))
                        .thenComparing(ref -> !ref.startsWith(Constants.R_HEADS)))
                .orElse(refusals.keySet().iterator().next());
        if (culprit.equals(names.main())) {
            merges.mainRefused(pushed.reason(culprit));
        } else if (refusedBefore) {
            throw pushed.failure(repo.redact(pushed.refusal(repo.url(), culprit)), culprit);
        }
    }
}
