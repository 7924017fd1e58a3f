package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.StateFileProblem;
import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.changes.StateRepair;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RepairState;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.driver.RequestQueue.Pending;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.git.RefChange;
import io.jenkins.plugins.gitops.git.RefNames;
import io.jenkins.plugins.gitops.git.RefSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Repairs the state ref when an administrator requests it. Without a request it repairs only the folder of decisions,
 * because the next decision would overwrite it, and a ref that does not point to a commit.
 */
final class RepairHandler {

    private static final Logger LOGGER = Logger.getLogger(RepairHandler.class.getName());

    /** The repaired files of requests that are not answered yet. */
    private final Map<Pending<RepairState, List<String>>, List<String>> repaired = new HashMap<>();

    /**
     * Returns the push of the repair; empty if nothing needs to be repaired.
     *
     * @throws RepoUnavailable if the last commit of the state does not count, and no repair is requested
     */
    Optional<RefUpdateBatch> next(RoundContext context, RequestQueue.Batch batch) throws IOException, RepoUnavailable {
        List<Pending<RepairState, List<String>>> requests = batch.of(RepairState.class);
        repaired.keySet().retainAll(requests);
        Optional<String> refusal = refusal(context);
        if (refusal.isPresent()) {
            return Optional.of(restoreTrusted(context, requests, refusal.get()));
        }
        if (requests.isEmpty()) {
            List<StateFileProblem> urgent = problems(context, 0).stream()
                    .filter(problem -> problem.path().equals(StateRef.CHANGES))
                    .toList();
            return repair(context, urgent, context.identity());
        }
        List<StateFileProblem> all = problems(context, Integer.MAX_VALUE);
        for (Pending<RepairState, List<String>> request : requests) {
            if (all.isEmpty()) {
                request.complete(repaired.getOrDefault(request, List.of()));
            } else {
                repaired.put(request, all.stream().map(StateFileProblem::clause).toList());
            }
        }
        return repair(context, all, requests.get(0).request().by());
    }

    private static Optional<String> refusal(RoundContext context) throws IOException {
        ObjectId state = context.refs().state();
        return state.equals(ObjectId.zeroId())
                ? Optional.empty()
                : context.services().trusted().refusal(context.services().git(), state);
    }

    private RefUpdateBatch restoreTrusted(
            RoundContext context, List<Pending<RepairState, List<String>>> requests, String refusal)
            throws IOException, RepoUnavailable {
        String ref = context.refs().names().state();
        if (requests.isEmpty()) {
            throw new RepoMisconfigured("The ref " + ref + " of the repository "
                    + context.settings().name() + " does not count: " + refusal + ". Nothing is pushed until an"
                    + " administrator has looked, and puts the last trusted state back with Repair state under Manage"
                    + " Jenkins, GitOps Waves, or with sandbox/gitops repair.");
        }
        StateRepair.Restored restored = context.services()
                .stateRepair()
                .restoreTrusted(
                        context.refs().state(),
                        context.services().trusted(),
                        requests.get(0).request().by(),
                        context.committer());
        requests.forEach(request -> repaired.put(request, List.of(refusal + "; " + restored.sentence())));
        return RefUpdateBatch.of(context.refs().move(ref, restored.tip()));
    }

    private static List<StateFileProblem> problems(RoundContext context, int decisions) throws IOException {
        return context.services().stateRepair().problems(context.refs().state(), decisions);
    }

    private static Optional<RefUpdateBatch> repair(RoundContext context, List<StateFileProblem> problems, String by)
            throws IOException {
        if (problems.isEmpty()) {
            return Optional.empty();
        }
        ObjectId tip =
                context.services().stateRepair().repair(context.refs().state(), problems, by, context.committer());
        return Optional.of(
                RefUpdateBatch.of(context.refs().move(context.refs().names().state(), tip)));
    }

    /**
     * Returns the changes for the state ref and the notes ref that do not point to a commit: each is moved back to the
     * commit that this clone remembers. If the clone remembers none, the notes ref is deleted; the state ref, which has
     * the holds and rejections, is deleted only if an administrator has requested a repair.
     *
     * @throws RepoUnavailable if the state ref cannot be moved back and no repair is requested
     */
    static List<RefChange> misplaced(
            RepositorySettings settings, ConfigRepoClone repo, RefSnapshot found, RequestQueue.Batch batch)
            throws IOException, RepoUnavailable {
        RefNames names = found.names();
        var changes = new ArrayList<RefChange>();
        for (String ref : List.of(names.state(), RefNames.NOTES)) {
            if (isCommitOrAbsent(repo, found.get(ref))) {
                continue;
            }
            ObjectId before = repo.remembered(names).get(ref);
            ObjectId to = isCommitOrAbsent(repo, before) ? before : ObjectId.zeroId();
            boolean begins = to.equals(ObjectId.zeroId());
            if (begins
                    && ref.equals(names.state())
                    && batch.of(RepairState.class).isEmpty()) {
                throw new RepoUnavailable(
                        "The ref " + ref + " of " + repo.url() + " does not point to a commit, and this"
                                + " clone remembers none: nobody knows what is held or rejected. Move it back "
                                + "to where it was with git, or begin anew with Repair state under Manage "
                                + "Jenkins, GitOps Waves, or with"
                                + " sandbox/gitops repair.");
            }
            LOGGER.warning(settings.name() + ": the ref " + ref + " points to "
                    + found.get(ref).name() + ", which is not a commit; it is "
                    + (begins ? "deleted, and begins anew" : "moved back to " + to.name()));
            changes.add(found.move(ref, to));
        }
        return changes;
    }

    private static boolean isCommitOrAbsent(ConfigRepoClone repo, ObjectId id) throws IOException {
        return id.equals(ObjectId.zeroId()) || repo.git().open(id).getType() == Constants.OBJ_COMMIT;
    }
}
