package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.waves.Condition;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What became of a wish to promote.
 *
 * @param appended what became of the change, or null if a condition does not hold
 * @param conditions all that was asked, and what was seen; empty if the change had been appended before
 */
public record Promoted(@CheckForNull Appended appended, List<Condition> conditions) {

    public Promoted(@Nullable Appended appended, List<Condition> conditions) {
        this.appended = appended;
        this.conditions = List.copyOf(conditions);
    }

    /** What does not hold, in a sentence for each. */
    public String refusal() {
        return conditions.stream()
                .filter(condition -> !condition.met())
                .map(condition -> condition.name() + ": " + condition.seen())
                .collect(Collectors.joining(" "));
    }
}
