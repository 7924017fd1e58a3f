package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.argocd.Application;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.RolloutJudge;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.argocd.ServerSnapshot;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.flux.FluxJudge;
import io.jenkins.plugins.gitops.flux.FluxSelection;
import io.jenkins.plugins.gitops.flux.TargetLookup;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.images.InvalidImagesException;
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;

/** The rollouts of the waves of a config repository, for one tip of main and one time. */
public final class WaveRollouts {

    private final RepositorySettings settings;
    private final TargetLookup lookup;
    private final AutoBranch branch;
    private final ObjectId main;

    /** The rollouts that were evaluated, by their arguments. */
    private final Map<List<Object>, Rollout> judged = new HashMap<>();

    public WaveRollouts(RepositorySettings settings, TargetLookup lookup, AutoBranch branch, ObjectId main) {
        this.settings = settings;
        this.lookup = lookup;
        this.branch = branch;
        this.main = main;
    }

    /**
     * The rollout of what a wave runs now. Asks Argo CD to refresh targets whose state is stale.
     *
     * @param path a whole wave, or one of its image sets; then the other sets of the wave do not matter
     */
    public Rollout of(WavePath path) throws IOException {
        return of(path, Optional.empty(), settings.wave(path).gates().require());
    }

    /**
     * The rollout of a wave with another requirement than the configured one.
     *
     * @param wanted a commit; empty for what the wave runs now
     */
    public Rollout of(WavePath path, Optional<String> wanted, RolloutRequirement require) throws IOException {
        List<Object> question = List.of(path, wanted, require);
        Rollout known = judged.get(question);
        if (known == null) {
            known = judge(path, wanted, require);
            judged.put(question, known);
        }
        return known;
    }

    private Rollout judge(WavePath path, Optional<String> wanted, RolloutRequirement require) throws IOException {
        if (wanted.isPresent() && !isOnMain(wanted.get())) {
            return Rollout.unknown(
                    wanted,
                    "The branch " + settings.mainBranch() + " of " + settings.url() + " has no commit " + wanted.get()
                            + ".");
        }
        try {
            TargetSelection targets = settings.wave(path).targets().orElse(null);
            FluxSelection fluxTargets = settings.wave(path).fluxTargets().orElse(null);
            var config = new RolloutJudge.ConfigRepository(settings.url(), settings.mainBranch());
            if (fluxTargets != null) {
                return new FluxJudge(
                                fluxTargets,
                                config,
                                lookup.clusters().in(fluxTargets.cluster()),
                                new ClonedCommits(path),
                                require)
                        .judge(wanted);
            }
            if (targets == null) {
                boolean superseded =
                        wanted.isPresent() && !images(path, wanted.get()).equals(images(path, main.name()));
                return Rollout.ofMain(wanted, main.name(), superseded);
            }
            ServerSnapshot snapshot = lookup.applications().on(targets.server());
            var judge = new RolloutJudge(targets, config, snapshot, new ClonedCommits(path), require);
            Rollout rollout = judge.judge(wanted);
            refreshStale(targets, snapshot, rollout);
            return rollout;
        } catch (InvalidImagesException e) {
            return Rollout.unknown(
                    wanted, "The image files of the wave " + path + " cannot be read: " + e.getMessage());
        }
    }

    private void refreshStale(TargetSelection targets, ServerSnapshot snapshot, Rollout rollout) {
        rollout.targets().stream()
                .filter(target -> target.state() == State.STALE)
                .flatMap(target -> snapshot.withChildren(target.id()).stream())
                .filter(Application::isStale)
                .map(Application::id)
                .distinct()
                .forEach(application -> lookup.applications().refresh(targets.server(), application));
    }

    public boolean isOnMain(String sha) throws IOException {
        return branch.graph().has(sha) && branch.graph().contains(main, ObjectId.fromString(sha));
    }

    /** The images that a set, or all sets of a wave together, have in a commit. */
    private ImageSet images(WavePath path, String sha) throws IOException {
        List<WavePath> paths = path.set().isPresent() ? List.of(path) : settings.wavePaths(settings.wave(path));
        if (paths.size() == 1) {
            return branch.images().read(ObjectId.fromString(sha), paths.get(0));
        }
        var all = new TreeMap<String, ImageRef>();
        for (WavePath each : paths) {
            ImageSet set = branch.images().read(ObjectId.fromString(sha), each);
            for (var image : set.images().entrySet()) {
                String service = image.getKey();
                // Two sets may each have a service of one name.
                while (all.containsKey(service)) {
                    service += "-";
                }
                all.put(service, image.getValue());
            }
        }
        return ImageSet.of(all);
    }

    /** The commits of the clone. Results are cached, since hundreds of targets run few different commits. */
    private final class ClonedCommits implements RolloutJudge.CommitHistory {

        private final WavePath path;
        private final Map<String, ImageSet> images = new HashMap<>();
        private final Map<String, Boolean> contained = new HashMap<>();

        ClonedCommits(WavePath path) {
            this.path = path;
        }

        @Override
        public boolean has(String sha) throws IOException {
            return branch.graph().has(sha);
        }

        @Override
        public boolean contains(String descendant, String ancestor) throws IOException {
            String key = descendant + ancestor;
            Boolean known = contained.get(key);
            if (known == null) {
                known = descendant.equals(ancestor)
                        || branch.graph().contains(ObjectId.fromString(descendant), ObjectId.fromString(ancestor));
                contained.put(key, known);
            }
            return known;
        }

        @Override
        public ImageSet images(String sha) throws IOException {
            ImageSet known = images.get(sha);
            if (known == null) {
                known = WaveRollouts.this.images(path, sha);
                images.put(sha, known);
            }
            return known;
        }
    }
}
