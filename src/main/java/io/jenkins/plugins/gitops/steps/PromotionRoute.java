package io.jenkins.plugins.gitops.steps;

import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import io.jenkins.plugins.gitops.waves.FanIn;
import io.jenkins.plugins.gitops.waves.Wave;
import java.util.List;

/**
 * The waves of a promotion, checked against the configuration.
 *
 * @param from the names of the waves that may have the set; of a rollback {@code to} alone
 * @param to the name of the wave that is written
 */
record PromotionRoute(List<String> from, String to) {

    /**
     * The waves that a step names.
     *
     * @throws AbortException if they are missing or do not fit, or the job may not write into the wave
     */
    static PromotionRoute of(PromoteWaveStep step, RepositoryDefinition configured, Run<?, ?> run)
            throws AbortException {
        if (step.isRollback()) {
            if (step.isWait() || step.getRequire() != null || step.getFrom() != null) {
                throw new AbortException(
                        "promoteWave with rollback: true waits for no condition, and takes neither from: nor wait: nor require:;"
                                + " leave them out.");
            }
            String wave = step.getTo();
            if (wave == null || step.getRevision() == null) {
                throw new AbortException(
                        "promoteWave with rollback: true needs " + (wave == null ? "to:, the wave, and " : "")
                                + "revision:, the full SHA of the commit of main that has the images to go back to.");
            }
            StepArguments.require(
                    configured,
                    run,
                    RepositoryPower.ROLL_BACK,
                    StepArguments.wave(configured, wave).name());
            return new PromotionRoute(List.of(wave), wave);
        }
        Wave target = target(step, configured);
        StepArguments.require(configured, run, RepositoryPower.PROMOTE, target.name());
        String from = step.getFrom();
        boolean oneWillDo = from != null && target.fanIn() == FanIn.ANY;
        return new PromotionRoute(oneWillDo ? List.of(from) : target.promotesFrom(), target.name());
    }

    /** The wave that is named, or the only one that promotes from the one that is named. */
    private static Wave target(PromoteWaveStep step, RepositoryDefinition configured) throws AbortException {
        RepositorySettings settings = configured.toSettings();
        String from = step.getFrom();
        String to = step.getTo();
        Wave target;
        if (to != null) {
            target = StepArguments.wave(configured, to);
        } else if (from != null) {
            target = onlyFollower(settings, StepArguments.wave(configured, from).name());
        } else {
            throw new AbortException("promoteWave needs from: or to:, the waves to promote between.");
        }
        if (target.promotesFrom().isEmpty()) {
            throw new AbortException("The wave " + target.name() + " of \"" + settings.name()
                    + "\" promotes from no other wave; set promotesFrom on it, or commit to it with commitConfig.");
        }
        if (from != null && !target.promotesFrom().contains(from)) {
            throw new AbortException("The wave " + target.name() + " of \"" + settings.name() + "\" promotes from "
                    + target.previous() + ", not from " + from + "; leave from: out, or correct it.");
        }
        return target;
    }

    private static Wave onlyFollower(RepositorySettings settings, String wave) throws AbortException {
        List<Wave> followers = settings.waves().stream()
                .filter(candidate -> candidate.promotesFrom().contains(wave))
                .toList();
        if (followers.size() != 1) {
            String names = String.join(", ", followers.stream().map(Wave::name).toList());
            throw new AbortException("promoteWave needs to:, the wave to promote to; "
                    + (followers.isEmpty()
                            ? "none promotes from " + wave + "."
                            : names + " promote from " + wave + "."));
        }
        return followers.get(0);
    }
}
