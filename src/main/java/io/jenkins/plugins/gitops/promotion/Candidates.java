package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.QualifiedSet;
import io.jenkins.plugins.gitops.waves.VerificationRule;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The image sets that all targets of a wave run, and what follows for the waves that promote from it: which sets soak,
 * which have soaked for the configured time, and whether the intake is closed meanwhile. Each image set of a wave soaks
 * independently of the others, so that all methods take a {@link WavePath}.
 */
public final class Candidates {

    private final RepositorySettings settings;
    private final AutoBranch branch;
    private final WaveRollouts rollouts;
    private final WaveStateReader states;
    private final ObjectId main;
    private final Instant now;

    /**
     * Evaluates one time.
     *
     * @param main the tip of main
     * @param now in whole seconds
     */
    public Candidates(
            RepositorySettings settings,
            AutoBranch branch,
            WaveRollouts rollouts,
            WaveStateReader states,
            ObjectId main,
            Instant now) {
        this.settings = settings;
        this.branch = branch;
        this.rollouts = rollouts;
        this.states = states;
        this.main = main;
        this.now = now;
    }

    /** The sets that all targets run now and that are not recorded, or recorded as unhealthy, by their path. */
    public Map<WavePath, DeployedSet> newlyDeployed() throws IOException {
        var deployed = new TreeMap<WavePath, DeployedSet>();
        for (WavePath path : settings.wavePaths()) {
            // A wave without applications is where main is; that matters only where sets soak or are verified in it.
            boolean remembered = wave(path).hasTargets()
                    || !soakers(path).isEmpty()
                    || !verifications(path).isEmpty();
            Optional<String> sha = remembered ? rollouts.of(path).deployed() : Optional.empty();
            if (sha.isEmpty()) {
                continue;
            }
            WaveState before = states.of(path);
            if (before.problem().isPresent()) {
                continue;
            }
            ImageSet set = images(path, sha.get());
            boolean known = before.deployed()
                    .filter(its -> its.identity().equals(set.identity()))
                    .isPresent();
            boolean wellAgain = before.unwell()
                    && before.failures(set.identity(), verifications(path)).isEmpty();
            if (!set.isEmpty() && (!known || wellAgain)) {
                deployed.put(path, new DeployedSet(set.identity(), sha.get(), now));
            }
        }
        return deployed;
    }

    /** The paths whose soaking set became unhealthy since it was recorded; its soak begins again when it is healthy. */
    public List<WavePath> newlyUnwell() throws IOException {
        var unwell = new ArrayList<WavePath>();
        for (WavePath path : settings.wavePaths()) {
            WaveState state = states.of(path);
            if (!soakers(path).isEmpty() && state.deployed().isPresent() && !state.unwell()) {
                Rollout rollout = rollouts.of(path);
                if (rollout.trouble().isEmpty()
                        && rollout.deployed().isEmpty()
                        && rollout.targets().stream().map(TargetState::state).anyMatch(TargetState.State::isUnwell)) {
                    unwell.add(path);
                }
            }
        }
        return unwell;
    }

    /**
     * The sets that have soaked for long enough, are verified, and are not recorded as qualified yet, by the path they
     * may go to; one for each path.
     */
    public Map<WavePath, QualifiedSet> newlyQualified() throws IOException {
        var qualified = new TreeMap<WavePath, QualifiedSet>();
        for (WavePath to : settings.wavePaths()) {
            for (String from : wave(to).promotesFrom()) {
                Optional<DeployedSet> candidate = soaking(to.in(from), to);
                if (candidate.isPresent()
                        && !now.isBefore(soakEnd(to, candidate.get()))
                        && isVerified(to.in(from), candidate.get().identity())) {
                    DeployedSet set = candidate.get();
                    qualified.put(to, new QualifiedSet(set.identity(), set.sha(), now, Optional.of(from)));
                }
            }
        }
        return qualified;
    }

    /** The set that soaks in one path for another now: healthy there and not qualified; empty if none does. */
    private Optional<DeployedSet> soaking(WavePath from, WavePath to) throws IOException {
        if (!wave(to).recordsQualified() || states.of(to).problem().isPresent()) {
            return Optional.empty();
        }
        Optional<DeployedSet> running = running(from);
        if (running.isEmpty() || isQualified(from, to, running.get().identity())) {
            return Optional.empty();
        }
        return running;
    }

    /** Whether it is recorded that a set is qualified in one path for another. */
    boolean isQualified(WavePath from, WavePath to, String identity) throws IOException {
        return states.of(to).isQualified(identity, from.wave(), wave(to).fansIn());
    }

    /** Whether all verifications of a path succeeded for a set. */
    boolean isVerified(WavePath path, String identity) throws IOException {
        return states.of(path).isVerified(identity, verifications(path));
    }

    private List<VerificationRule> verifications(WavePath path) {
        return wave(path).gates().verifications();
    }

    /** The recorded set of a path, if all targets run it and are healthy. */
    Optional<DeployedSet> running(WavePath path) throws IOException {
        WaveState state = states.of(path);
        Optional<DeployedSet> deployed = state.deployed();
        Optional<String> sha = deployed.isEmpty() || state.unwell()
                ? Optional.empty()
                : rollouts.of(path).deployed();
        if (sha.isEmpty()) {
            return Optional.empty();
        }
        String identity = images(path, sha.get()).identity();
        return deployed.filter(its -> its.identity().equals(identity));
    }

    private Instant soakEnd(WavePath to, DeployedSet set) {
        return set.since().plus(wave(to).gates().soak());
    }

    /** The condition that a set has soaked in one path for another. */
    PromotionCondition soak(WavePath from, WavePath to, String identity) throws IOException {
        String asked =
                "runs in " + from + " for " + Durations.format(wave(to).gates().soak());
        if (isQualified(from, to, identity)) {
            return new PromotionCondition(
                    PromotionCondition.SOAK, true, asked, "it has run in " + from + " for long enough.");
        }
        WaveState state = states.of(from);
        Optional<String> problem = state.problem().or(states.of(to)::problem);
        if (problem.isPresent()) {
            return new PromotionCondition(PromotionCondition.SOAK, false, asked, problem.get());
        }
        DeployedSet deployed = state.deployed()
                .filter(its -> its.identity().equals(identity) && !state.unwell())
                .orElse(null);
        if (deployed == null) {
            return new PromotionCondition(
                    PromotionCondition.SOAK,
                    false,
                    asked,
                    state.failures(identity, verifications(from)).isEmpty()
                            ? "it has not begun to run in all of " + from + "."
                            : "it is unwell in " + from + ", since a verification failed.");
        }
        Instant end = soakEnd(to, deployed);
        boolean met = !now.isBefore(end);
        String seen = deployed.since().isAfter(now)
                ? "it runs there since " + deployed.since()
                        + ", which is yet to come: do the clocks of the controllers disagree?"
                : "it runs there since " + deployed.since() + (met ? "." : ", so until " + end + ".");
        return new PromotionCondition(PromotionCondition.SOAK, met, asked, seen, met ? null : end);
    }

    /**
     * The condition that newer sets may be written into a path. It does not hold while a set soaks there for a wave
     * that freezes the intake meanwhile. Empty if no wave freezes it.
     */
    public Optional<PromotionCondition> intake(WavePath path) throws IOException {
        List<WavePath> freezers =
                soakers(path).stream().filter(to -> wave(to).gates().freeze()).toList();
        if (freezers.isEmpty()) {
            return Optional.empty();
        }
        String asked = "nothing soaks in " + path;
        for (WavePath to : freezers) {
            Optional<DeployedSet> soaking = soaking(path, to);
            if (soaking.isPresent() && isWanted(soaking.get(), path, to)) {
                Instant end = soakEnd(to, soaking.get());
                boolean soaks = now.isBefore(end);
                return Optional.of(new PromotionCondition(
                        PromotionCondition.INTAKE,
                        false,
                        asked,
                        "the set of "
                                + CommitSha.abbreviate(soaking.get().sha())
                                + (soaks ? " soaks in " : " is verified in ") + path + " for " + to
                                + (soaks ? " until " + end : "") + ", and newer sets wait for that.",
                        soaks ? end : now.plus(settings.pollInterval())));
            }
        }
        return Optional.of(new PromotionCondition(
                PromotionCondition.INTAKE, true, asked, "nothing soaks there that would be lost."));
    }

    /**
     * Whether the soak has a purpose: main has the set there, the other path has not, and no hold or rejection applies.
     */
    private boolean isWanted(DeployedSet set, WavePath path, WavePath to) throws IOException {
        ImageSet onMain = branch.images().read(main, path);
        return onMain.identity().equals(set.identity())
                && !has(to, onMain)
                && states.of(path).holdAt(now).isEmpty()
                && states.rejection(onMain).isEmpty();
    }

    private boolean has(WavePath path, ImageSet set) throws IOException {
        try {
            return branch.images().read(main, path).equals(set);
        } catch (InvalidImagesException e) {
            // Whoever mends the files may want the set there.
            return false;
        }
    }

    /** The paths for which sets soak in a path. */
    private List<WavePath> soakers(WavePath path) {
        return settings.waves().stream()
                .filter(to -> to.promotesFrom().contains(path.wave()) && to.recordsQualified())
                .map(to -> path.in(to.name()))
                .toList();
    }

    private Wave wave(WavePath path) {
        return settings.wave(path);
    }

    private ImageSet images(WavePath path, String sha) throws IOException {
        return branch.images().read(ObjectId.fromString(sha), path);
    }
}
