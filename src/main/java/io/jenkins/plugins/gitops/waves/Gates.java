package io.jenkins.plugins.gitops.waves;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The conditions for promoting a set into a wave, and for counting it as deployed there.
 *
 * @param soak how long a set has to run in the previous wave; {@link Duration#ZERO} for no soak
 * @param freeze whether changes with newer sets wait before the previous wave while a set soaks there
 * @param require how many targets of this wave must run a set before it counts as deployed
 * @param windows the times in which promotions are allowed; empty if they always are
 * @param verifications what each set that this wave runs is verified by
 * @param approvals who has to approve a set before it is promoted into this wave
 * @param questions what other systems are asked before a set is promoted into this wave
 * @param starvedAfter the time without a promotion after which the wave is reported as starved; empty if it never is
 */
public record Gates(
        Duration soak,
        boolean freeze,
        RolloutRequirement require,
        List<PromotionWindow> windows,
        List<VerificationRule> verifications,
        ApprovalRule approvals,
        List<GateRule> questions,
        Optional<Duration> starvedAfter) {

    /** The only condition is that all targets run the set and are healthy. */
    public static final Gates NONE = builder().build();

    public Gates {
        windows = List.copyOf(windows);
        verifications = List.copyOf(verifications);
        questions = List.copyOf(questions);
    }

    /** A builder that begins with {@link #NONE}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether a set has to soak in the previous wave. */
    public boolean soaks() {
        return !soak.isZero();
    }

    /** Builds gates. */
    public static final class Builder {

        private Duration soak = Duration.ZERO;
        private boolean freeze;
        private RolloutRequirement require = RolloutRequirement.ALL;
        private List<PromotionWindow> windows = List.of();
        private List<VerificationRule> verifications = List.of();
        private ApprovalRule approvals = ApprovalRule.NONE;
        private List<GateRule> questions = List.of();
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

        public Builder verifications(List<VerificationRule> rules) {
            verifications = rules;
            return this;
        }

        public Builder approvals(ApprovalRule rule) {
            approvals = rule;
            return this;
        }

        public Builder questions(List<GateRule> rules) {
            questions = rules;
            return this;
        }

        public Builder starvedAfter(@Nullable Duration time) {
            starvedAfter = Optional.ofNullable(time);
            return this;
        }

        public Gates build() {
            return new Gates(soak, freeze, require, windows, verifications, approvals, questions, starvedAfter);
        }
    }
}
