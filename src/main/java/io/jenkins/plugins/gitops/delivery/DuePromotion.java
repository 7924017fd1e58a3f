package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A promotion that could be done now and that nobody does.
 *
 * @param key the same for the same thing to do: what the wave has, and what it would get
 * @param place where it would go to, see {@link WavePath}
 * @param sha the config commit whose set it would be
 * @param services whose images it would change
 * @param why what was seen of each condition
 */
public record DuePromotion(String key, String place, String sha, String services, String why) {

    /**
     * Finds them, one for each set of the wave at most.
     *
     * @param from the wave they would come from
     * @param to the wave they would go to
     */
    public static List<DuePromotion> in(RepositoryState state, String from, String to) {
        Set<String> underWay = state.auto().stream()
                .flatMap(queued -> queued.trailers().stream())
                .map(ChangeTrailers::wave)
                .collect(Collectors.toSet());
        return state.waves().stream()
                .filter(wave -> WavePath.wave(wave.name()).equals(to) && !underWay.contains(wave.name()))
                .flatMap(wave -> wave
                        .live()
                        .flatMap(RepositoryState.Live::next)
                        .filter(next -> next.from().equals(from) && next.allowed())
                        .map(next -> of(state, wave, next))
                        .stream())
                .toList();
    }

    private static DuePromotion of(RepositoryState state, RepositoryState.Wave wave, RepositoryState.Next next) {
        return new DuePromotion(
                state.repository() + "/" + wave.name() + ": " + wave.images().identity() + " -> " + next.identity(),
                wave.name(),
                next.sha(),
                String.join(", ", next.services()),
                next.conditions().stream().map(PromotionCondition::seen).collect(Collectors.joining(" ")));
    }
}
