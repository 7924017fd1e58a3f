package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.QualifiedSet;
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
 * What waves run as a whole, since when, and what follows for the waves that promote from them: which sets soak, have
 * soaked, or wait outside meanwhile (spec section 4, Candidates). Each named set soaks by itself: everything is asked of
 * a {@link WavePath}.
 */
public final class Candidates {

    private final RepositorySettings settings;
    private final AutoBranch branch;
    private final WaveRollouts rollouts;
    private final WaveStateReader states;
    private final ObjectId main;
    private final Instant now;

    /**
     * Looks at one moment.
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

    /** What waves run as a whole now that is another set than the one written down, or runs well again; by place. */
    public Map<WavePath, DeployedSet> newlyDeployed() throws IOException {
        var deployed = new TreeMap<WavePath, DeployedSet>();
        for (WavePath path : settings.wavePaths()) {
            // A wave without applications is where main is; that matters only to a wave that lets sets soak in it.
            boolean remembered =
                    wave(path).targets().isPresent() || !soakers(path).isEmpty();
            Optional<String> sha = remembered ? rollouts.of(path, null).deployed() : Optional.empty();
            if (sha.isEmpty()) {
                continue;
            }
            ImageSet set = images(path, sha.get());
            WaveState before = states.of(path);
            boolean known = before.deployed()
                    .filter(its -> its.identity().equals(set.identity()))
                    .isPresent();
            if (!set.isEmpty() && (!known || before.unwell())) {
                deployed.put(path, new DeployedSet(set.identity(), sha.get(), now));
            }
        }
        return deployed;
    }

    /** The places where what soaks there has fallen ill since, so that its soak begins anew when it is well. */
    public List<WavePath> newlyUnwell() throws IOException {
        var unwell = new ArrayList<WavePath>();
        for (WavePath path : settings.wavePaths()) {
            WaveState state = states.of(path);
            if (!soakers(path).isEmpty() && state.deployed().isPresent() && !state.unwell()) {
                Rollout rollout = rollouts.of(path, null);
                if (rollout.trouble().isEmpty()
                        && rollout.deployed().isEmpty()
                        && rollout.targets().stream().map(TargetState::state).anyMatch(TargetState.State::isUnwell)) {
                    unwell.add(path);
                }
            }
        }
        return unwell;
    }

    /** The sets that have soaked for long enough and are not written down as qualified yet, by where they may go to. */
    public Map<WavePath, QualifiedSet> newlyQualified() throws IOException {
        var qualified = new TreeMap<WavePath, QualifiedSet>();
        for (WavePath to : settings.wavePaths()) {
            Optional<DeployedSet> candidate = soaking(to);
            if (candidate.isPresent() && !now.isBefore(soakEnd(to, candidate.get()))) {
                qualified.put(
                        to,
                        new QualifiedSet(
                                candidate.get().identity(), candidate.get().sha(), now));
            }
        }
        return qualified;
    }

    /** The set that soaks for a place now, if one does: it runs well in the wave before and is not qualified. */
    private Optional<DeployedSet> soaking(WavePath to) throws IOException {
        Optional<String> from = wave(to).promotesFrom();
        if (!wave(to).gates().soaks() || from.isEmpty()) {
            return Optional.empty();
        }
        Optional<DeployedSet> running = running(to.in(from.get()));
        if (running.isEmpty() || states.of(to).isQualified(running.get().identity())) {
            return Optional.empty();
        }
        return running;
    }

    /** What a place runs well, as it is written down. */
    Optional<DeployedSet> running(WavePath path) throws IOException {
        WaveState state = states.of(path);
        Optional<DeployedSet> deployed = state.deployed();
        Optional<String> sha = deployed.isEmpty() || state.unwell()
                ? Optional.empty()
                : rollouts.of(path, null).deployed();
        if (sha.isEmpty()) {
            return Optional.empty();
        }
        String identity = images(path, sha.get()).identity();
        return deployed.filter(its -> its.identity().equals(identity));
    }

    private Instant soakEnd(WavePath to, DeployedSet set) {
        return set.since().plus(wave(to).gates().soak());
    }

    /** How far a set has soaked in one place for another. */
    PromotionCondition soak(WavePath from, WavePath to, String identity) throws IOException {
        String asked =
                "runs in " + from + " for " + Durations.format(wave(to).gates().soak());
        if (states.of(to).isQualified(identity)) {
            return new PromotionCondition(
                    PromotionCondition.SOAK, true, asked, "it has run in " + from + " for long enough.");
        }
        WaveState state = states.of(from);
        DeployedSet deployed = state.deployed()
                .filter(its -> its.identity().equals(identity) && !state.unwell())
                .orElse(null);
        if (deployed == null) {
            return new PromotionCondition(
                    PromotionCondition.SOAK, false, asked, "it has not begun to run in all of " + from + ".");
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
     * Why no newer set may get into a place now: the one there soaks for a wave that freezes it meanwhile. Met if any
     * may; nothing if no wave asks for that.
     */
    public Optional<PromotionCondition> intake(WavePath path) throws IOException {
        List<WavePath> freezers =
                soakers(path).stream().filter(to -> wave(to).gates().freeze()).toList();
        if (freezers.isEmpty()) {
            return Optional.empty();
        }
        String asked = "nothing soaks in " + path;
        for (WavePath to : freezers) {
            Optional<DeployedSet> soaking = soaking(to);
            if (soaking.isPresent() && isWanted(soaking.get(), path, to)) {
                Instant end = soakEnd(to, soaking.get());
                return Optional.of(new PromotionCondition(
                        PromotionCondition.INTAKE,
                        false,
                        asked,
                        "the set of "
                                + CommitSha.abbreviate(soaking.get().sha()) + " soaks in " + path
                                + " for " + to + " until " + end + ", and newer sets wait for that.",
                        end));
            }
        }
        return Optional.of(new PromotionCondition(
                PromotionCondition.INTAKE, true, asked, "nothing soaks there that would be lost."));
    }

    /** Whether anything would come of the soak: the set is still main's there, new to the other place, not rejected. */
    private boolean isWanted(DeployedSet set, WavePath path, WavePath to) throws IOException {
        ImageSet onMain = branch.images().read(main, path);
        return onMain.identity().equals(set.identity())
                && !branch.images().read(main, to).equals(onMain)
                && states.of(path).holdAt(now).isEmpty()
                && states.rejections().refusal(onMain).isEmpty();
    }

    /** The places for which sets soak in a place. */
    private List<WavePath> soakers(WavePath path) {
        return settings.waves().stream()
                .filter(to -> to.promotesFrom().equals(Optional.of(path.wave()))
                        && to.gates().soaks())
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
