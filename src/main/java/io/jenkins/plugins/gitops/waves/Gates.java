package io.jenkins.plugins.gitops.waves;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The conditions for a set to get into a wave, and for it to count as deployed there.
 *
 * @param soak how long a set has to run in the wave before; {@link Duration#ZERO} for no soak
 * @param freeze whether newer sets wait outside the wave before while one soaks there
 * @param require how many targets of this wave must run a set before it counts as deployed
 * @param windows when promotions may happen; empty for always
 * @param starvedAfter how long the wave may go without a promotion before that is reported; empty for ever
 */
public record Gates(
        Duration soak,
        boolean freeze,
        RolloutRequirement require,
        List<PromotionWindow> windows,
        Optional<Duration> starvedAfter) {

    /** No condition but that every target is healthy. */
    public static final Gates NONE = builder().build();

    public Gates {
        windows = List.copyOf(windows);
    }

    /** Begins with no condition but that every target is healthy. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether sets have to run in the wave before for a while. */
    public boolean soaks() {
        return !soak.isZero();
    }

    /** Builds gates. */
    public static final class Builder {

        private Duration soak = Duration.ZERO;
        private boolean freeze;
        private RolloutRequirement require = RolloutRequirement.ALL;
        private List<PromotionWindow> windows = List.of();
        private Optional<Duration> starvedAfter = Optional.empty();

        private Builder() {}

        public Builder soak(Duration time) {
            soak = time;
            return this;
        }

        public Builder freeze(boolean frozen) {
            freeze = frozen;
            return this;
        }

        public Builder require(RolloutRequirement requirement) {
            require = requirement;
            return this;
        }

        public Builder windows(List<PromotionWindow> open) {
            windows = open;
            return this;
        }

        public Builder starvedAfter(@Nullable Duration time) {
            starvedAfter = Optional.ofNullable(time);
            return this;
        }

        public Gates build() {
            return new Gates(soak, freeze, require, windows, starvedAfter);
        }
    }
}
