package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.ci.CheckReport;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.worktree.ConfigTree;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A request to the driver of one repository. Requests are plain data: names in them are looked up in the settings that
 * are valid when the driver answers, so that a request can be handed to another driver after a change of the settings.
 *
 * <p>A request that the driver refuses fails with a {@link io.jenkins.plugins.gitops.common.GitOpsException}; a
 * repository that cannot be read or written fails it with {@link io.jenkins.plugins.gitops.common.RepoUnavailable}.
 *
 * @param <T> the type of the answer
 */
public sealed interface DriverRequest<T> {

    /**
     * Appends a change to the auto branch. Submitted again with the same id, for instance after a restart, the change
     * is found and not committed twice.
     */
    record AppendChange(NewChange change) implements DriverRequest<SubmittedChange> {}

    /** Records a verdict; the answer is whether its commit is queued or the tip of main. */
    record RecordReport(CheckReport report) implements DriverRequest<Boolean> {}

    /**
     * Removes a change from the auto branch; the answer is whether it was queued. Refused if the change writes into a
     * wave that is not named; a hand-made commit may write into any.
     *
     * @param waves the waves whose changes may be removed; empty for all
     */
    record EvictChange(String id, String reason, Optional<Set<String>> waves) implements DriverRequest<Boolean> {

        /** Removes a change of any wave. */
        public EvictChange(String id, String reason) {
            this(id, reason, Optional.empty());
        }

        /** Removes a change of one of these waves. */
        public EvictChange(String id, String reason, Set<String> waves) {
            this(id, reason, Optional.of(Set.copyOf(waves)));
        }
    }

    /**
     * Appends the image set of one wave to another, if every condition holds. Submitted again with the same id, the
     * change is found and not committed twice.
     */
    record Promote(PromotionRequest promotion) implements DriverRequest<PromotionResult> {

        /** Refuses a dry run with {@link IllegalArgumentException}: see {@link PreviewPromotion}. */
        public Promote {
            if (promotion.kind().isDryRun()) {
                throw new IllegalArgumentException("A dry run is previewed, not promoted.");
            }
        }
    }

    /**
     * Generates the tip of the auto branch, or main where nothing is queued, and queues the difference as a change of
     * its own; the answer is the SHA of its commit, or empty if the generated files are as they should be.
     */
    record RegenerateTip() implements DriverRequest<Optional<String>> {}

    /**
     * Carries out a command on the state ref. The answer comes when the state ref has its effect.
     */
    record ApplyStateCommand(StateCommand command) implements DriverRequest<ApplyStateCommand.Effect> {

        /**
         * The effect of a command.
         *
         * @param written whether the state was written for it: false if it had the effect before
         * @param remark a sentence for whoever gave the command, or empty text
         */
        public record Effect(boolean written, String remark) {}
    }

    /** Reads the repository anew; the answer is its state after the round. */
    record ReadState() implements DriverRequest<RepositoryState> {}

    /** Asks whether main contains a commit, by its full SHA. */
    record IsOnMain(String sha) implements DriverRequest<Boolean> {}

    /** Accepts main as it is, also if its history was rewritten; the answer is whether it was rewritten. */
    record AcceptMain() implements DriverRequest<Boolean> {}

    /**
     * Replaces what cannot be used of the state by what was there before; the answer names what that was.
     *
     * @param by who asks for it
     */
    record RepairState(String by) implements DriverRequest<List<String>> {}

    /** Reads the tree of the auto branch with the images of a change written into it, for the body of a step. */
    record PrepareChange(NewChange change) implements DriverRequest<ConfigTree> {}

    /**
     * Reads the same tree for a promotion, if there is something to promote and either every condition holds or it is a
     * dry run.
     */
    record PreparePromotion(PromotionRequest promotion) implements DriverRequest<PreparedPromotion> {}

    /**
     * Reads a tree that was prepared before, after a restart; without the images that were written into it.
     *
     * @param base the SHA of the commit on which it was prepared
     */
    record ReopenTree(String base) implements DriverRequest<ConfigTree> {}

    /** Computes what {@link AppendChange} would do now. */
    record PreviewChange(NewChange change) implements DriverRequest<ChangePreview> {}

    /** Computes what {@link Promote} would do now. */
    record PreviewPromotion(PromotionRequest promotion) implements DriverRequest<PromotionPreview> {}

    /**
     * Compares the images of a commit with those of its parent; the answer is empty if the clone does not have the
     * commit.
     *
     * @param sha the full SHA of the commit
     */
    record CompareImages(String sha, WavePath path) implements DriverRequest<Optional<ImageDiff>> {}

    /**
     * A build that delivered something.
     *
     * @param url of the build
     * @param change the id of the change that it made
     */
    record DeliveringBuild(String url, String change) {}

    /**
     * Finds the builds that delivered what is new in a set for a wave.
     *
     * @param to the wave that the set would go to
     * @param revision a commit of main, maybe abbreviated, in which a previous wave has the set
     */
    record FindDeliveries(WavePath to, String revision) implements DriverRequest<List<DeliveringBuild>> {}
}
