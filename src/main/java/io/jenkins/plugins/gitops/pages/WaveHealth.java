package io.jenkins.plugins.gitops.pages;

import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.explain.ReleaseNames;
import java.util.List;
import java.util.Locale;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** How a wave is, in one word, with the release that it has. */
@Restricted(NoExternalUse.class)
public final class WaveHealth {

    private final String wave;
    private final State state;
    private final String release;

    /** The word, the worst first. */
    enum State {
        UNREADABLE,
        UNWELL,
        ROLLING_OUT,
        HELD,
        WELL,
        EMPTY;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    private WaveHealth(String wave, State state, String release) {
        this.wave = wave;
        this.state = state;
        this.release = release;
    }

    /** The health of a wave, of all of its sets together. */
    static WaveHealth of(String name, List<RepositoryState.WaveSnapshot> sets, ReleaseNames names) {
        State worst =
                sets.stream().map(WaveHealth::stateOf).min(State::compareTo).orElse(State.EMPTY);
        String release = sets.size() == 1
                ? names.find(sets.get(0).images().identity())
                        .map(ReleaseNames.Release::name)
                        .orElse("")
                : "";
        return new WaveHealth(name, worst, release);
    }

    private static State stateOf(RepositoryState.WaveSnapshot set) {
        if (set.warnings().problem().isPresent()) {
            return State.UNREADABLE;
        }
        if (set.images().isEmpty()) {
            return State.EMPTY;
        }
        List<TargetState> late = set.live().stream()
                .flatMap(live -> live.rollout().targets().stream())
                .filter(target -> target.state() != TargetState.State.DEPLOYED)
                .toList();
        if (set.state().unwell()
                || late.stream().anyMatch(target -> target.state().isUnwell())) {
            return State.UNWELL;
        }
        if (!late.isEmpty()) {
            return State.ROLLING_OUT;
        }
        return set.state().hold().isPresent() ? State.HELD : State.WELL;
    }

    public String getWave() { // jelly access only
        return wave;
    }

    /** The state in words. */
    public String getState() { // jelly access only
        return state.toString();
    }

    /** The state as the end of the name of a style. */
    public String getStyle() { // jelly access only
        return state.toString().replace(' ', '-');
    }

    /** The name of the release that main has for the wave; empty if it has none, or several sets. */
    public String getRelease() { // jelly access only
        return release;
    }
}
