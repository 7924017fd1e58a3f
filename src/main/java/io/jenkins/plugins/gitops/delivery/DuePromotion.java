package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.waves.Condition;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A promotion that could be done now and that nobody does.
 *
 * @param key the same for the same thing to do: what the wave has, and what it would get
 * @param sha the config commit whose set it would be
 * @param services whose images it would change
 * @param why what was seen of each condition
 */
public record DuePromotion(String key, String sha, String services, String why) {

    /**
     * Finds it.
     *
     * @param from the wave it would come from
     * @param to the wave it would go to
     */
    public static Optional<DuePromotion> in(RepositoryState state, String from, String to) {
        boolean underWay = state.auto().stream()
                .anyMatch(queued -> queued.trailers()
                        .filter(change -> change.wave().equals(to))
                        .isPresent());
        return state.waves().stream()
                .filter(wave -> wave.name().equals(to) && !underWay)
                .findFirst()
                .flatMap(wave -> wave.live()
                        .flatMap(RepositoryState.Live::next)
                        .filter(next -> next.from().equals(from) && next.allowed())
                        .map(next -> new DuePromotion(
                                state.repository() + "/" + to + ": "
                                        + wave.images().identity() + " -> " + next.identity(),
                                next.sha(),
                                String.join(", ", next.services()),
                                next.conditions().stream().map(Condition::seen).collect(Collectors.joining(" ")))));
    }
}
