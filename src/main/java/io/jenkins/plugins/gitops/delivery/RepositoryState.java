package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.DeployedSet;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.RejectedImages;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The state of a config repository in one snapshot, for pages, metrics and the state endpoint. It is immutable, so that
 * any thread may read it.
 *
 * @param repository its name
 * @param mainBranch the name of main
 * @param main the SHA of main's tip
 * @param at when the repository was read
 * @param auto the queue, oldest first
 * @param waves in the order of the configuration
 * @param rejections the images that are never promoted again
 * @param history how changes ended, newest first
 * @param brought what the commits of ended changes brought, by SHA, as far as they have been read; a list and a map
 *     that are the same objects as before say that nothing has ended since
 * @param problems what of the state in git cannot be used, a sentence for each
 */
public record RepositoryState(
        String repository,
        String mainBranch,
        String main,
        Instant at,
        List<Queued> auto,
        List<Wave> waves,
        RejectedImages rejections,
        List<DecidedChange> history,
        Map<String, Brought> brought,
        List<String> problems) {

    /** A repository whose state can be used. */
    public RepositoryState(
            String repository,
            String mainBranch,
            String main,
            Instant at,
            List<Queued> auto,
            List<Wave> waves,
            RejectedImages rejections,
            List<DecidedChange> history,
            Map<String, Brought> brought) {
        this(repository, mainBranch, main, at, auto, waves, rejections, history, brought, List.of());
    }

    /**
     * The images that a commit added.
     *
     * @param author who made it by hand, or empty
     * @param images those that its parent has not, by service
     */
    public record Brought(String author, SortedMap<String, ImageRef> images) {

        /** What is known of a commit that is gone. */
        public static final Brought NOTHING = new Brought("", new TreeMap<>());

        public Brought {
            images = Collections.unmodifiableSortedMap(images);
        }
    }

    /**
     * A change in the queue.
     *
     * @param trailers what it does; nothing for a hand-made commit
     */
    public record Queued(ChangeStatus status, Optional<ChangeTrailers> trailers, Verdict.Color verdict) {}

    /**
     * A wave, or one of its sets where they have names.
     *
     * @param images the images that main has in the wave; may be empty
     * @param promotesFrom the previous wave, if there is one
     * @param problem why its files cannot be read, if they cannot
     * @param state the state of the wave in the state ref
     * @param starved that nothing was promoted to it for too long, in a sentence; empty if it is not so
     * @param live how far it is and what may come next, if Argo CD was asked
     */
    public record Wave(
            WavePath path,
            Optional<String> promotesFrom,
            ImageSet images,
            Optional<String> problem,
            WaveState state,
            Optional<String> starved,
            Optional<Live> live) {

        /** What it was seen to run last as a whole. */
        public Optional<DeployedSet> deployed() {
            return state.deployed();
        }

        public Wave with(Live seen) {
            return new Wave(path, promotesFrom, images, problem, state, starved, Optional.of(seen));
        }
    }

    /**
     * The part of the state that needs Argo CD.
     *
     * @param rollout the rollout of the set that the wave runs now
     * @param next what would be promoted into it, if it promotes from another
     */
    public record Live(Rollout rollout, Optional<Next> next) {}

    /**
     * The next promotion into a wave.
     *
     * @param from the wave it would come from
     * @param sha the config commit whose set it would be, or empty
     * @param identity that set's, or empty
     * @param services those whose images it would change or remove, sorted
     * @param images what those would have then; nothing for one that it would remove
     * @param conditions what has to hold for it, and what was seen
     */
    public record Next(
            String from,
            String sha,
            String identity,
            List<String> services,
            SortedMap<String, ImageRef> images,
            List<PromotionCondition> conditions) {
        public Next {
            services = List.copyOf(services);
            images = Collections.unmodifiableSortedMap(images);
            conditions = List.copyOf(conditions);
        }

        /** Whether it may happen now. */
        public boolean allowed() {
            return conditions.stream().allMatch(PromotionCondition::met);
        }
    }

    /** When time alone makes a condition hold that does not hold at a time; nothing if it does not. */
    public Optional<Instant> nextLook(Instant now) {
        return waves.stream()
                .flatMap(wave -> wave.live().flatMap(Live::next).stream())
                .flatMap(next -> next.conditions().stream())
                .map(PromotionCondition::nextLook)
                .filter(look -> look != null && look.isAfter(now))
                .min(Instant::compareTo);
    }

    public RepositoryState with(List<Wave> seen) {
        return new RepositoryState(
                repository, mainBranch, main, at, auto, seen, rejections, history, brought, problems);
    }

    public RepositoryState {
        auto = List.copyOf(auto);
        waves = List.copyOf(waves);
        history = List.copyOf(history);
        problems = List.copyOf(problems);
    }
}
