package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest.AcceptMain;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.driver.RequestQueue.Pending;
import io.jenkins.plugins.gitops.git.CommitGraph;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.ReplayResult;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Handles a main branch whose history was rewritten: it no longer contains the commit that main was at when the driver
 * saw it last, or that a driver of any controller moved it to last, as the state ref says. Nothing is merged until an
 * administrator accepts the new main; then the queue is replayed on it.
 */
final class RewrittenMain {

    private final RepositorySettings settings;
    private final ConfigRepoClone repo;
    private final TornReadGuard tornReads;

    /** Somebody rewrote main, and no administrator has accepted that. */
    static final class Refusal extends RepoMisconfigured {

        private static final long serialVersionUID = 1L;

        Refusal(String message) {
            super(message);
        }
    }

    /** Whether an acceptance was pushed, whose request is still to be answered. */
    private boolean acceptedInState;

    RewrittenMain(RepositorySettings settings, ConfigRepoClone repo, TornReadGuard tornReads) {
        this.settings = settings;
        this.repo = repo;
        this.tornReads = tornReads;
    }

    /**
     * Finds what is to be pushed before the other stages may work on a rewritten main; nothing if main was not
     * rewritten, or the queue stands on the new main.
     *
     * @throws RepoUnavailable if main was rewritten and no administrator has accepted that
     */
    Optional<RoundAction> next(RoundContext context, RequestQueue.Batch batch) throws IOException, RepoUnavailable {
        RefSnapshot remembered = repo.remembered(context.refs().names());
        List<Pending<AcceptMain, Boolean>> accepting = batch.of(AcceptMain.class);
        Optional<ObjectId> recorded = lacking(
                context, context.services().stateRef().mergedMain(context.refs().state()));
        Optional<ObjectId> seen = lacking(context, remembered.main());
        if (recorded.isEmpty() && seen.isEmpty()) {
            if (acceptedInState) {
                acceptedInState = false;
                accepting.forEach(pending -> pending.complete(true));
            }
            return Optional.empty();
        }
        if (!tornReads.recordAndConfirm(context.refs())) {
            return Optional.of(new RoundAction.ReadAgain());
        }
        // Of two, the recorded one is the later: what was seen last is remembered after each push.
        ObjectId oldMain = recorded.or(() -> seen).orElseThrow();
        if (accepting.isEmpty()) {
            throw notAccepted(oldMain);
        }
        Optional<RoundAction> push = replay(context, remembered, oldMain, batch);
        if (push.isEmpty() && recorded.isPresent()) {
            acceptedInState = true;
            return Optional.of(context.pushes().acceptMain());
        }
        if (push.isEmpty()) {
            repo.remember(context.refs());
            acceptedInState = false;
            accepting.forEach(pending -> pending.complete(true));
        }
        return push;
    }

    private Optional<RoundAction> replay(
            RoundContext context, RefSnapshot remembered, ObjectId oldMain, RequestQueue.Batch batch)
            throws IOException {
        AutoBranch branch = context.services().autoBranch();
        RefSnapshot refs = context.refs();
        ObjectId main = context.queue().main();
        ObjectId auto = refs.auto().or(remembered::auto).orElse(main);
        RoundContext onAuto = context.with(branch.queue().read(main, auto));
        var alignment = new AutoBranchAlignment(onAuto, tornReads, batch);
        Optional<RoundAction> recorded = alignment.recordTakenAway();
        if (recorded.isPresent()) {
            return recorded;
        }
        Optional<ReplayResult> replayed = withoutOldMain(branch, oldMain, main, auto);
        if (replayed.isPresent() && !replayed.get().isComplete()) {
            context.generation().forRewrite(replayed.get().wanted());
            return Optional.of(new RoundAction.AwaitGeneration());
        }
        if (replayed.isPresent()) {
            String reason = settings.mainBranch() + " was rewritten, and an administrator accepted it";
            return Optional.of(onAuto.pushes().rewrite(replayed.get(), List.of(), reason));
        }
        return refs.auto().isEmpty() ? Optional.of(alignment.recreated()) : alignment.recordVanished(remembered);
    }

    /** A commit that main was at, if main does not contain it. A commit that the clone lacks is not in main. */
    private static Optional<ObjectId> lacking(RoundContext context, Optional<ObjectId> oldMain) throws IOException {
        CommitGraph graph = context.services().autoBranch().graph();
        ObjectId main = context.queue().main();
        if (oldMain.isEmpty() || graph.has(oldMain.get().name()) && graph.contains(main, oldMain.get())) {
            return Optional.empty();
        }
        return oldMain;
    }

    private RepoUnavailable notAccepted(ObjectId lastSeen) {
        return new Refusal("The branch " + settings.mainBranch() + " of " + repo.url()
                + " was rewritten: it no longer contains " + lastSeen.name()
                + ". Nothing is merged until an administrator has looked and accepts it, with Accept "
                + "main under Manage Jenkins, GitOps Waves, or with sandbox/gitops accept-main.");
    }

    /**
     * Replays the queue that stood on the old main on the new one. What the rewrite removed from main must not come
     * back, as it would if the auto branch were read as a queue on the new main.
     *
     * @return empty if the auto branch has no commit of the old main that the new one lacks
     */
    private static Optional<ReplayResult> withoutOldMain(
            AutoBranch branch, ObjectId oldMain, ObjectId main, ObjectId auto) throws IOException {
        if (!branch.graph().has(oldMain.name())) {
            // Then the auto branch, which was fetched whole, does not contain it.
            return Optional.empty();
        }
        List<QueuedCommit> queue = branch.queue().read(oldMain, auto).commits();
        boolean bringsBack = !new HashSet<>(queue)
                .containsAll(branch.queue().read(main, auto).commits());
        return bringsBack ? Optional.of(branch.replayer().replay(main, List.of(), queue)) : Optional.empty();
    }
}
