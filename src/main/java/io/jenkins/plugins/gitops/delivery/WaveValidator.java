package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.Wave;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks the rules that concern several waves together. */
final class WaveValidator {

    private WaveValidator() {}

    /**
     * Checks the waves of a repository.
     *
     * @throws IllegalArgumentException with a sentence naming the repository, the wave and the field
     */
    static void check(String repository, List<Wave> waves) {
        Map<String, Wave> byName = new HashMap<>();
        waves.forEach(wave -> byName.put(wave.name(), wave));
        for (Wave wave : waves) {
            noCircle(repository, wave, byName);
            gates(repository, wave);
        }
    }

    private static void noCircle(String repository, Wave wave, Map<String, Wave> byName) {
        Set<String> passed = new LinkedHashSet<>();
        for (Wave at = wave; at != null; at = at.promotesFrom().map(byName::get).orElse(null)) {
            if (!passed.add(at.name())) {
                throw refuse(
                        repository,
                        "promotesFrom",
                        "goes in a circle, so that nothing would ever get in: " + String.join(" from ", passed)
                                + " from " + at.name());
            }
        }
    }

    private static void gates(String repository, Wave wave) {
        Gates gates = wave.gates();
        if (wave.promotesFrom().isEmpty() && (gates.soaks() || !gates.windows().isEmpty())) {
            throw refuse(
                    repository,
                    gates.soaks() ? "soak" : "windows",
                    "of the wave " + wave.name() + " is for promotions, and it promotes from no other wave");
        }
        if (gates.soak().compareTo(StateRef.KEPT_FOR) > 0) {
            throw refuse(
                    repository,
                    "soak",
                    "of the wave " + wave.name() + " is longer than the " + StateRef.KEPT_FOR.toDays()
                            + " days for which the past of a wave is kept");
        }
        TargetSelection targets = wave.targets().orElse(null);
        for (String canary : gates.require().canaries()) {
            if (targets == null) {
                throw refuse(
                        repository,
                        "require",
                        "of the wave " + wave.name() + " names the canary " + canary
                                + ", but the wave has no applications");
            }
            boolean named = targets.selector().isPresent()
                    || targets.applications().stream()
                            .anyMatch(name -> name.indexOf('*') >= 0 || name.indexOf('?') >= 0)
                    || targets.exactNames().contains(canary);
            if (!named) {
                throw refuse(
                        repository,
                        "require",
                        "of the wave " + wave.name() + " names the canary " + canary
                                + ", which is none of its applications");
            }
        }
    }

    private static IllegalArgumentException refuse(String repository, String field, String what) {
        return new IllegalArgumentException("Repository " + repository + ": " + field + " " + what + ".");
    }
}
