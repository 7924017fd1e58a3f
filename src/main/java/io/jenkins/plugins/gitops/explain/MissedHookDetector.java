package io.jenkins.plugins.gitops.explain;

import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Detects changes at a forge that a poll found although no webhook had announced them. */
public final class MissedHookDetector {

    private MissedHookDetector() {}

    /** Whether main was pushed by others, or a check of a forge has another result, between two states. */
    public static boolean fromForge(RepositoryState before, RepositoryState after, List<RequiredCheck> required) {
        boolean moved = !after.main().equals(before.main())
                && before.auto().stream()
                        .noneMatch(queued -> queued.status().sha().equals(after.main()));
        return moved || verdictsDiffer(before, after, required);
    }

    private static boolean verdictsDiffer(RepositoryState before, RepositoryState after, List<RequiredCheck> required) {
        Set<String> ofForges = required.stream()
                .filter(check -> !check.source().equals(RequiredCheck.REPORTED))
                .map(RequiredCheck::name)
                .collect(Collectors.toSet());
        Map<List<String>, CheckState> known = new HashMap<>();
        Set<String> commits =
                before.auto().stream().map(queued -> queued.status().sha()).collect(Collectors.toSet());
        before.auto()
                .forEach(queued ->
                        queued.status().checks().forEach(check -> known.put(key(queued, check), check.state())));
        return after.auto().stream()
                .filter(queued -> commits.contains(queued.status().sha()))
                .anyMatch(queued -> queued.status().checks().stream()
                        .anyMatch(check ->
                                ofForges.contains(check.context()) && check.state() != known.get(key(queued, check))));
    }

    private static List<String> key(RepositoryState.QueuedChange queued, CheckStatus check) {
        return List.of(queued.status().sha(), check.context());
    }
}
