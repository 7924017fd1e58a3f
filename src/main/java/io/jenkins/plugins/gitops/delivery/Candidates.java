package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.repo.AutoBranch;
import io.jenkins.plugins.gitops.waves.Condition;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.QualifiedSet;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;

/**
 * What waves run as a whole, since when, and what follows for the waves that promote from them: which sets soak, have
 * soaked, or wait outside meanwhile (spec section 4, Candidates).
 */
final class Candidates {

    private final RepositorySettings settings;
    private final AutoBranch branch;
    private final Rollouts rollouts;
    private final WaveStates states;
    private final ObjectId main;
    private final Instant now;

    /**
     * Looks at one moment.
     *
     * @param main the tip of main
     * @param now in whole seconds
     */
    Candidates(
            RepositorySettings settings,
            AutoBranch branch,
            Rollouts rollouts,
            WaveStates states,
            ObjectId main,
            Instant now) {
        this.settings = settings;
        this.branch = branch;
        this.rollouts = rollouts;
        this.states = states;
        this.main = main;
        this.now = now;
    }

    /** What waves run as a whole now that is another set than the one written down, or runs well again. */
    Map<String, DeployedSet> newlyDeployed() throws IOException {
        var deployed = new TreeMap<String, DeployedSet>();
        for (Wave wave : settings.waves()) {
            // A wave without applications is where main is; that matters only to a wave that lets sets soak in it.
            boolean remembered = wave.targets() != null || !soakers(wave).isEmpty();
            String sha = remembered ? rollouts.of(wave, null).deployed() : null;
            if (sha == null) {
                continue;
            }
            ImageSet set = images(wave, sha);
            WaveState before = states.of(wave.name());
            boolean known = before.deployed()
                    .filter(its -> its.identity().equals(set.identity()))
                    .isPresent();
            if (!set.isEmpty() && (!known || before.unwell())) {
                deployed.put(wave.name(), new DeployedSet(set.identity(), sha, now));
            }
        }
        return deployed;
    }

    /** The waves in which what soaks there has fallen ill since, so that its soak begins anew when it is well. */
    List<String> newlyUnwell() throws IOException {
        var unwell = new ArrayList<String>();
        for (Wave wave : settings.waves()) {
            WaveState state = states.of(wave.name());
            if (!soakers(wave).isEmpty() && state.deployed().isPresent() && !state.unwell()) {
                Rollout rollout = rollouts.of(wave, null);
                if (rollout.trouble() == null
                        && rollout.deployed() == null
                        && rollout.targets().stream().map(TargetState::state).anyMatch(TargetState.State::isUnwell)) {
                    unwell.add(wave.name());
                }
            }
        }
        return unwell;
    }

    /** The sets that have soaked for long enough and are not written down as qualified yet, by the wave they may go to. */
    Map<String, QualifiedSet> newlyQualified() throws IOException {
        var qualified = new TreeMap<String, QualifiedSet>();
        for (Wave to : settings.waves()) {
            Optional<DeployedSet> candidate = soaking(to);
            if (candidate.isPresent() && !now.isBefore(soakEnd(to, candidate.get()))) {
                qualified.put(
                        to.name(),
                        new QualifiedSet(
                                candidate.get().identity(), candidate.get().sha(), now));
            }
        }
        return qualified;
    }

    /** The set that soaks for a wave now, if one does: it runs well in the wave before and is not qualified. */
    private Optional<DeployedSet> soaking(Wave to) throws IOException {
        String from = to.promotesFrom();
        if (!to.gates().soaks() || from == null) {
            return Optional.empty();
        }
        Optional<DeployedSet> running = running(settings.wave(from));
        if (running.isEmpty() || states.of(to.name()).isQualified(running.get().identity())) {
            return Optional.empty();
        }
        return running;
    }

    /** What a wave runs well, as it is written down. */
    Optional<DeployedSet> running(Wave wave) throws IOException {
        WaveState state = states.of(wave.name());
        Optional<DeployedSet> deployed = state.deployed();
        String sha = deployed.isEmpty() || state.unwell()
                ? null
                : rollouts.of(wave, null).deployed();
        if (sha == null) {
            return Optional.empty();
        }
        String identity = images(wave, sha).identity();
        return deployed.filter(its -> its.identity().equals(identity));
    }

    private static Instant soakEnd(Wave to, DeployedSet set) {
        return set.since().plus(to.gates().soak());
    }

    /** How far a set has soaked in one wave for another. */
    Condition soak(Wave from, Wave to, String identity) throws IOException {
        String asked =
                "runs in " + from.name() + " for " + Durations.format(to.gates().soak());
        if (states.of(to.name()).isQualified(identity)) {
            return new Condition(Condition.SOAK, true, asked, "it has run in " + from.name() + " for long enough.");
        }
        WaveState state = states.of(from.name());
        DeployedSet deployed = state.deployed()
                .filter(its -> its.identity().equals(identity) && !state.unwell())
                .orElse(null);
        if (deployed == null) {
            return new Condition(
                    Condition.SOAK, false, asked, "it has not begun to run in all of " + from.name() + ".");
        }
        Instant end = soakEnd(to, deployed);
        boolean met = !now.isBefore(end);
        String seen = deployed.since().isAfter(now)
                ? "it runs there since " + deployed.since()
                        + ", which is yet to come: do the clocks of the controllers disagree?"
                : "it runs there since " + deployed.since() + (met ? "." : ", so until " + end + ".");
        return new Condition(Condition.SOAK, met, asked, seen, met ? null : end);
    }

    /**
     * Why no newer set may get into a wave now: the one there soaks for a wave that freezes it meanwhile. Met if any
     * may; nothing if no wave asks for that.
     */
    Optional<Condition> intake(Wave wave) throws IOException {
        List<Wave> freezers =
                soakers(wave).stream().filter(to -> to.gates().freeze()).toList();
        if (freezers.isEmpty()) {
            return Optional.empty();
        }
        String asked = "nothing soaks in " + wave.name();
        for (Wave to : freezers) {
            Optional<DeployedSet> soaking = soaking(to);
            if (soaking.isPresent() && isWanted(soaking.get(), wave, to)) {
                Instant end = soakEnd(to, soaking.get());
                return Optional.of(new Condition(
                        Condition.INTAKE,
                        false,
                        asked,
                        "the set of "
                                + Driver.shown(ObjectId.fromString(soaking.get().sha())) + " soaks in " + wave.name()
                                + " for " + to.name() + " until " + end + ", and newer sets wait for that.",
                        end));
            }
        }
        return Optional.of(new Condition(Condition.INTAKE, true, asked, "nothing soaks there that would be lost."));
    }

    /** Whether anything would come of the soak: the set is still main's there, new to the other wave, and not rejected. */
    private boolean isWanted(DeployedSet set, Wave wave, Wave to) throws IOException {
        ImageSet onMain = branch.images(main, wave.name());
        return onMain.identity().equals(set.identity())
                && !branch.images(main, to.name()).equals(onMain)
                && states.of(wave.name()).holdAt(now).isEmpty()
                && states.rejections().refusal(onMain).isEmpty();
    }

    /** The waves for which sets soak in a wave. */
    private List<Wave> soakers(Wave wave) {
        return settings.waves().stream()
                .filter(to -> Objects.equals(to.promotesFrom(), wave.name())
                        && to.gates().soaks())
                .toList();
    }

    private ImageSet images(Wave wave, String sha) throws IOException {
        return branch.images(ObjectId.fromString(sha), wave.name());
    }
}
