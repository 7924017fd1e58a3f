package io.jenkins.plugins.gitops.explain;

import io.jenkins.plugins.gitops.delivery.RepositoryState;
import java.util.List;
import java.util.Optional;

/** The JSON of a state without trouble and hooks, as the state endpoint answers with it. */
public final class WrittenState {

    private WrittenState() {}

    public static String of(RepositoryState state) {
        var past = new HistoryJson();
        String history = past.of(state);
        return StateJson.join(
                StateJson.present(state, ControllerFacts.of(Optional.empty(), List.of()), past.tag()), history);
    }
}
