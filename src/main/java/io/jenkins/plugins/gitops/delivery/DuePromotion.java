package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A promotion whose conditions hold and that is not under way.
 *
 * @param key identifies the promotion by the present set of the wave and the set that it would get
 * @param path the image set it would replace
 * @param sha the config commit whose set it would be
 * @param services whose images it would change
 * @param why what was seen of each condition
 */
public record DuePromotion(String key, WavePath path, String sha, String services, String why) {

    /**
     * Finds the due promotions between two waves, at most one for each image set.
     *
     * @param from the wave they would come from
     * @param to the wave they would go to
     */
    public static List<DuePromotion> in(RepositoryState state, String from, String to) {
        Set<WavePath> underWay = state.auto().stream()
                .flatMap(queued -> queued.trailers().stream())
                .map(ChangeTrailers::wavePath)
                .collect(Collectors.toSet());
        return state.waves().stream()
                .filter(wave -> wave.path().wave().equals(to) && !underWay.contains(wave.path()))
                .flatMap(wave -> wave
                        .live()
                        .flatMap(RepositoryState.LiveState::next)
                        .filter(next -> next.qualifiedIn().contains(from) && next.allowed())
                        .map(next -> of(state, wave, next))
                        .stream())
                .toList();
    }

    private static DuePromotion of(
            RepositoryState state, RepositoryState.WaveSnapshot wave, RepositoryState.NextPromotion next) {
        return new DuePromotion(
                state.repository() + "/" + wave.path() + ": " + wave.images().identity() + " -> " + next.identity(),
                wave.path(),
                next.sha(),
                String.join(", ", next.services()),
                next.conditions().stream().map(PromotionCondition::seen).collect(Collectors.joining(" ")));
    }
}
