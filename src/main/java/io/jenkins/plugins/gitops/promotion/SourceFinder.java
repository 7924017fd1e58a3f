package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.QualifiedSet;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/** Finds the image set of a promotion, with all its conditions but the one that it differs from what is there. */
final class SourceFinder {

    private final PromotionInputs inputs;
    private final ConditionEvaluator evaluator;
    private final FanInFinder several;

    SourceFinder(PromotionInputs inputs, ConditionEvaluator evaluator) {
        this.inputs = inputs;
        this.evaluator = evaluator;
        this.several = new FanInFinder(inputs, evaluator);
    }

    PromotionSource find(PromotionRequest request, WaveRoute route) throws IOException {
        if (request.kind().isRollback()) {
            return earlier(route, request.revision().orElseThrow());
        }
        PromotionSource found = route.to().fansIn() ? several.find(request, route) : deployed(request, route);
        if (found.set().isEmpty() || request.redeliver()) {
            return found;
        }
        Optional<PromotionCondition> goesBack = evaluator.notRedelivered(
                route.toPath(), found.set().get(), ObjectId.fromString(found.sha()), route.path(found.from()));
        return goesBack.map(found::with).orElse(found);
    }

    /** The earlier set of a rollback: the set that the wave had in the requested commit. */
    private PromotionSource earlier(WaveRoute route, String revision) throws IOException {
        WavePath to = route.toPath();
        String asked = "a commit of main in which " + to + " has images";
        ImageSet set = inputs.rollouts().isOnMain(revision)
                ? inputs.branch().images().read(ObjectId.fromString(revision), to)
                : ImageSet.EMPTY;
        var conditions = new ArrayList<PromotionCondition>();
        conditions.add(new PromotionCondition(
                PromotionCondition.EARLIER,
                !set.isEmpty(),
                asked,
                set.isEmpty()
                        ? "main has no commit " + revision + " in which " + to
                                + " has images; git log main names those that changed it."
                        : to + " had this set in " + CommitSha.abbreviate(revision) + "."));
        conditions.add(evaluator.rejected(set));
        return new PromotionSource(
                route.to(),
                List.of(),
                revision,
                set.isEmpty() ? Optional.empty() : Optional.of(set),
                false,
                conditions);
    }

    private PromotionSource deployed(PromotionRequest request, WaveRoute route) throws IOException {
        Wave from = route.from().get(0);
        Wave to = route.to();
        WavePath fromPath = route.path(from);
        Optional<String> revision = request.revision();
        RolloutRequirement require = requirement(request, from);
        Rollout rollout = inputs.rollouts().of(fromPath, revision, require);
        Optional<QualifiedSet> qualified = qualified(route, revision, rollout);
        String sha = qualified.map(QualifiedSet::sha).or(rollout::deployed).orElse(null);
        var conditions = new ArrayList<PromotionCondition>();
        String asked = from.name() + " runs one set, and is healthy, on targets: " + require;
        List<String> in = List.of(from.name());
        if (sha == null) {
            conditions.add(new PromotionCondition(
                    PromotionCondition.DEPLOYED, false, asked, "in " + from.name() + ": " + rollout.reason()));
            conditions.addAll(evaluator.ofTarget(to, route.toPath()));
            return new PromotionSource(from, in, "", Optional.empty(), rollout.superseded(), conditions);
        }
        String seen = qualified.isPresent()
                ? from.name() + " ran " + CommitSha.abbreviate(sha) + " for long enough, by "
                        + qualified.get().at() + "."
                : runs(from, sha, rollout);
        conditions.add(new PromotionCondition(PromotionCondition.DEPLOYED, true, asked, seen));
        ImageSet set = inputs.branch().images().read(ObjectId.fromString(sha), fromPath);
        if (to.gates().soaks()) {
            conditions.add(inputs.candidates().soak(fromPath, route.toPath(), set.identity()));
        }
        evaluator.verified(from, fromPath, set.identity()).ifPresent(conditions::add);
        PromotionCondition notOlder = evaluator.notOlder(route.toPath(), sha);
        conditions.addAll(evaluator.ofSet(to, route.toPath(), sha, set, notOlder));
        if (!notOlder.met()) {
            return new PromotionSource(from, in, sha, Optional.empty(), revision.isPresent(), conditions);
        }
        if (set.isEmpty()) {
            conditions.add(new PromotionCondition(
                    PromotionCondition.DIFFERS, false, "something to promote", from.name() + " has no images yet."));
            return new PromotionSource(from, in, sha, Optional.empty(), false, conditions);
        }
        return new PromotionSource(from, in, sha, Optional.of(set), false, conditions);
    }

    /** The number of targets of a wave that have to run the set: as configured, and as the request adds. */
    static RolloutRequirement requirement(PromotionRequest request, Wave from) {
        RolloutRequirement configured = from.gates().require();
        return request.require().map(configured::and).orElse(configured);
    }

    /** That a wave runs a set, in a sentence. */
    static String runs(Wave wave, String sha, Rollout rollout) {
        return wave.name() + " runs " + CommitSha.abbreviate(sha) + targets(rollout) + ".";
    }

    /**
     * The qualified set that may be promoted although the wave may run another one now: the requested set, or the
     * newest that the target does not have. Empty if the set that runs now has soaked too, since that takes precedence.
     */
    private Optional<QualifiedSet> qualified(WaveRoute route, Optional<String> revision, Rollout rollout)
            throws IOException {
        WavePath from = route.path(route.from().get(0));
        WavePath to = route.toPath();
        if (!route.to().gates().soaks()) {
            return Optional.empty();
        }
        if (revision.isEmpty() && inputs.candidates().running(from).isPresent()) {
            String running = inputs.candidates().running(from).get().identity();
            if (rollout.deployed().isPresent()
                    && inputs.candidates().soak(from, to, running).met()
                    && inputs.candidates().isVerified(from, running)) {
                return Optional.empty();
            }
        }
        Optional<String> wanted = revision.isEmpty() || !inputs.rollouts().isOnMain(revision.get())
                ? Optional.empty()
                : Optional.of(inputs.branch()
                        .images()
                        .read(ObjectId.fromString(revision.get()), from)
                        .identity());
        ImageSet present = inputs.branch().images().read(inputs.queue().main(), to);
        QualifiedSet newest = null;
        for (QualifiedSet each : inputs.states().of(to).qualified()) {
            boolean meant = revision.isEmpty() || wanted.equals(Optional.of(each.identity()));
            if (meant && !each.identity().equals(present.identity()) && mayGo(each, from, to)) {
                newest = each;
            }
        }
        return Optional.ofNullable(newest);
    }

    private boolean mayGo(QualifiedSet qualified, WavePath from, WavePath to) throws IOException {
        if (!qualified.isOf(from.wave(), false)
                || !inputs.rollouts().isOnMain(qualified.sha())
                || !evaluator.notOlder(to, qualified.sha()).met()) {
            return false;
        }
        ImageSet set = inputs.branch().images().read(ObjectId.fromString(qualified.sha()), from);
        return set.identity().equals(qualified.identity())
                && evaluator.rejected(set).met();
    }

    private static String targets(Rollout rollout) {
        int targets = rollout.targets().size();
        long running = rollout.targets().stream()
                .filter(target -> target.state() == State.DEPLOYED)
                .count();
        return targets == 0
                ? ""
                : running < targets
                        ? " on " + running + " of " + targets + " targets"
                        : " on " + (targets == 1 ? "its target" : "all " + targets + " targets");
    }
}
