package io.jenkins.plugins.gitops.waves;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import java.time.Duration;
import java.util.List;

/**
 * What is asked before sets get into a wave, and before they count as deployed in it.
 *
 * @param soak how long a set has to run in the wave before, {@link Duration#ZERO} if that does not matter
 * @param freeze whether newer sets wait outside the wave before while one soaks there
 * @param require how many targets of this wave must run a set before it counts as deployed
 * @param windows when promotions may happen; always if empty
 * @param starvedAfter how long the wave may go without a promotion before that is reported, or null
 */
public record Gates(
        Duration soak,
        boolean freeze,
        RolloutRequirement require,
        List<PromotionWindow> windows,
        @CheckForNull Duration starvedAfter) {

    /** Nothing beyond that every target is well. */
    public static final Gates NONE = new Gates(Duration.ZERO, false, RolloutRequirement.ALL, List.of(), null);

    public Gates(
            Duration soak,
            boolean freeze,
            RolloutRequirement require,
            List<PromotionWindow> windows,
            @Nullable Duration starvedAfter) {
        this.soak = soak;
        this.freeze = freeze;
        this.require = require;
        this.windows = List.copyOf(windows);
        this.starvedAfter = starvedAfter;
    }

    /** Whether sets have to run in the wave before for a while. */
    public boolean soaks() {
        return !soak.isZero();
    }
}
