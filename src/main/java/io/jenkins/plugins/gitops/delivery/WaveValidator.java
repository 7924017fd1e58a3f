package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.changes.StateRef;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.flux.FluxSelection;
import io.jenkins.plugins.gitops.waves.GateRule;
import io.jenkins.plugins.gitops.waves.Gates;
import io.jenkins.plugins.gitops.waves.VerificationRule;
import io.jenkins.plugins.gitops.waves.Wave;
import java.util.HashMap;
import java.util.HashSet;
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
            previous(repository, wave, byName);
        }
        for (Wave wave : waves) {
            noCircle(repository, wave, byName, new LinkedHashSet<>(), new HashSet<>());
            gates(repository, wave);
        }
    }

    private static void previous(String repository, Wave wave, Map<String, Wave> byName) {
        var seen = new HashSet<String>();
        for (String from : wave.promotesFrom()) {
            if (!byName.containsKey(from) || from.equals(wave.name())) {
                throw refuse(
                        repository,
                        "promotesFrom",
                        "of the wave " + wave.name() + " names \"" + SingleLine.excerpt(from)
                                + "\", which is not another wave; name one of the others, or leave it out");
            }
            if (!seen.add(from)) {
                throw refuse(
                        repository,
                        "promotesFrom",
                        "of the wave " + wave.name() + " names " + from + " twice; take one out");
            }
        }
    }

    /**
     * Follows all ways back from a wave.
     *
     * @param passed the waves on the present way
     * @param done the waves from which no way leads into a circle
     */
    private static void noCircle(
            String repository, Wave at, Map<String, Wave> byName, Set<String> passed, Set<String> done) {
        if (done.contains(at.name())) {
            return;
        }
        if (!passed.add(at.name())) {
            throw refuse(
                    repository,
                    "promotesFrom",
                    "goes in a circle, so that no image would ever get in; take one of them out: "
                            + String.join(" from ", passed) + " from " + at.name());
        }
        at.promotesFrom().forEach(from -> noCircle(repository, byName.get(from), byName, passed, done));
        passed.remove(at.name());
        done.add(at.name());
    }

    private static void gates(String repository, Wave wave) {
        Gates gates = wave.gates();
        if (wave.promotesFrom().isEmpty() && (gates.soaks() || !gates.windows().isEmpty())) {
            throw refuse(
                    repository,
                    gates.soaks() ? "soak" : "windows",
                    "of the wave " + wave.name()
                            + " is a condition of promotions, but the wave promotes from no other; set its"
                            + " promotesFrom, or take this out");
        }
        if (wave.promotesFrom().isEmpty() && gates.approvals().isAsked()) {
            throw refuse(
                    repository,
                    "approvals",
                    "of the wave " + wave.name() + " are for promotions, but no other wave is promoted into it; set its"
                            + " promotesFrom, or take them out");
        }
        if (wave.promotesFrom().isEmpty() && !gates.questions().isEmpty()) {
            throw refuse(
                    repository,
                    "gates",
                    "of the wave " + wave.name() + " are for promotions, but no other wave is promoted into it; set its"
                            + " promotesFrom, or take them out");
        }
        var asked = new HashSet<String>();
        for (GateRule rule : gates.questions()) {
            if (!asked.add(rule.name())) {
                throw refuse(
                        repository,
                        "gates",
                        "of the wave " + wave.name() + " have the name " + rule.name() + " twice; rename one");
            }
        }
        verifications(repository, wave);
        if (gates.soak().compareTo(StateRef.KEPT_FOR) > 0) {
            throw refuse(
                    repository,
                    "soak",
                    "of the wave " + wave.name() + " is longer than the " + StateRef.KEPT_FOR.toDays()
                            + " days for which the past of a wave is kept; write at most " + StateRef.KEPT_FOR.toDays()
                            + "d");
        }
        if (wave.targets().isPresent() && wave.fluxTargets().isPresent()) {
            throw refuse(
                    repository,
                    "fluxCluster",
                    "of the wave " + wave.name() + " is given besides argoServer; a wave has targets of one of them, so"
                            + " make two waves of it");
        }
        TargetSelection targets = wave.targets().orElse(null);
        FluxSelection fluxTargets = wave.fluxTargets().orElse(null);
        if (targets != null && targets.selector().isEmpty()) {
            int named = targets.exactNames().size();
            if (named == targets.applications().size() && gates.require().fewestTargets() > named) {
                throw refuse(
                        repository,
                        "require",
                        "of the wave " + wave.name() + " asks for " + gates.require() + " targets, but its applications"
                                + " name " + named + "; ask for fewer, or name more");
            }
        }
        for (String canary : gates.require().canaries()) {
            if (fluxTargets != null && fluxTargets.canHave(canary)) {
                continue;
            }
            if (targets == null && fluxTargets == null) {
                throw refuse(
                        repository,
                        "require",
                        "of the wave " + wave.name() + " names the canary " + canary
                                + ", but the wave has no applications; name them, or take the canary out");
            }
            boolean named = targets != null
                    && (targets.selector().isPresent()
                            || targets.applications().stream()
                                    .anyMatch(name -> name.indexOf('*') >= 0 || name.indexOf('?') >= 0)
                            || targets.exactNames().stream().anyMatch(name -> TargetSelection.isSame(name, canary)));
            if (!named) {
                throw refuse(
                        repository,
                        "require",
                        "of the wave " + wave.name() + " names the canary " + canary
                                + ", which is none of its applications; name one of them");
            }
        }
    }

    private static void verifications(String repository, Wave wave) {
        var names = new HashSet<String>();
        for (VerificationRule rule : wave.gates().verifications()) {
            if (!names.add(rule.name())) {
                throw refuse(
                        repository,
                        "verifications",
                        "of the wave " + wave.name() + " have the name " + rule.name()
                                + " twice; rename one, so that their results can be told apart");
            }
        }
    }

    private static IllegalArgumentException refuse(String repository, String field, String what) {
        return new IllegalArgumentException("Repository " + repository + ": " + field + " " + what + ".");
    }
}
