package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.changes.StateFileProblem;
import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.delivery.DriverRequest.RepairState;
import io.jenkins.plugins.gitops.driver.RequestQueue.Pending;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Repairs the state ref when an administrator asks for it. Without being asked it repairs only the folder of decisions,
 * since the next decision would take the place of whatever is there instead.
 */
final class RepairHandler {

    /** What was pushed for requests that are not answered yet. */
    private final Map<Pending<RepairState, List<String>>, List<String>> repaired = new HashMap<>();

    /** Finds the repair that is to be pushed; empty if none is wanted or needed. */
    Optional<RefUpdateBatch> next(RoundContext context, RequestQueue.Batch batch) throws IOException {
        List<Pending<RepairState, List<String>>> requests = batch.of(RepairState.class);
        repaired.keySet().retainAll(requests);
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
                repaired.put(
                        request,
                        all.stream()
                                .map(problem -> problem.path() + " " + problem.problem())
                                .toList());
            }
        }
        return repair(context, all, requests.get(0).request().by());
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
}
