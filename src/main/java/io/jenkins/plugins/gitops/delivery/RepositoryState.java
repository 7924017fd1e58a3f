package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.StateEvent;
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
 * @param head which main the snapshot is of
 * @param auto the queue, oldest first
 * @param waves in the order of the configuration
 * @param rejections the images that are never promoted again
 * @param past what has happened before
 * @param problems the parts of the state in git that cannot be used, one sentence for each
 */
public record RepositoryState(
        Head head,
        List<QueuedChange> auto,
        List<WaveSnapshot> waves,
        RejectedImages rejections,
        Past past,
        List<String> problems) {

    /**
     * Main, when the repository was read.
     *
     * @param repository the name of the repository
     * @param mainBranch the name of main
     * @param main the SHA of main's tip
     * @param at when it was read
     */
    public record Head(String repository, String mainBranch, String main, Instant at) {}

    /**
     * What has happened in a repository before.
     *
     * @param history how changes ended, newest first
     * @param brought what the commits of ended changes brought, by SHA, as far as they have been read; a list and a map
     *     that are the same objects as before say that nothing has ended since
     * @param events what else was written into the state, newest first: holds, releases, rejections and the like
     */
    public record Past(List<DecidedChange> history, Map<String, BroughtImages> brought, List<StateEvent> events) {

        public static final Past NONE = new Past(List.of(), Map.of(), List.of());

        public Past {
            history = List.copyOf(history);
            events = List.copyOf(events);
        }
    }

    /**
     * The images that a commit added.
     *
     * @param author who made it by hand, or empty
     * @param images those that its parent has not, by service
     * @param identity the identity of the whole set that its wave has with it; empty if it is not known
     */
    public record BroughtImages(String author, SortedMap<String, ImageRef> images, String identity) {

        /** The last known facts of a commit that is gone. */
        public static final BroughtImages NOTHING = new BroughtImages("", new TreeMap<>(), "");

        public BroughtImages {
            images = Collections.unmodifiableSortedMap(images);
        }

        /** The same without the images; the same object if it has none. */
        public BroughtImages withoutImages() {
            return images.isEmpty() ? this : new BroughtImages(author, new TreeMap<>(), identity);
        }
    }

    /**
     * A change in the queue.
     *
     * @param trailers what it does; empty for a commit by hand
     */
    public record QueuedChange(ChangeStatus status, Optional<ChangeTrailers> trailers, Verdict.Color verdict) {}

    /**
     * A wave, or one of its sets where they have names.
     *
     * @param images the images that main has in the wave; may be empty
     * @param promotesFrom the previous waves
     * @param state the state of the wave in the state ref
     * @param live its rollout and its next promotion, if Argo CD was asked
     */
    public record WaveSnapshot(
            WavePath path,
            List<String> promotesFrom,
            ImageSet images,
            WaveState state,
            WaveWarnings warnings,
            Optional<LiveState> live) {

        public WaveSnapshot {
            promotesFrom = List.copyOf(promotesFrom);
        }

        /** The set that all its targets were last seen to run. */
        public Optional<DeployedSet> deployed() {
            return state.deployed();
        }

        public WaveSnapshot with(LiveState seen) {
            return new WaveSnapshot(path, promotesFrom, images, state, warnings, Optional.of(seen));
        }
    }

    /**
     * What somebody should know of a wave, in sentences.
     *
     * @param problem why its files cannot be read, if they cannot
     * @param starved that nothing was promoted to it for too long
     * @param unmentioned that some of its services were not delivered for long, and may be retired
     */
    public record WaveWarnings(Optional<String> problem, Optional<String> starved, Optional<String> unmentioned) {

        public static final WaveWarnings NONE = new WaveWarnings(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * The part of the state that needs Argo CD.
     *
     * @param rollout the rollout of the set that the wave runs now
     * @param next what would be promoted into it, if it promotes from another
     */
    public record LiveState(Rollout rollout, Optional<NextPromotion> next) {}

    /**
     * The next promotion into a wave.
     *
     * @param from the wave that has the set
     * @param qualifiedIn the previous waves in which the set is qualified
     * @param sha the config commit whose set it would be, or empty
     * @param identity the identity of that set, or empty
     * @param services the services whose images it would change or remove, sorted
     * @param images the images of these services after it, without those of services that it would remove
     * @param conditions the conditions of the promotion, with what was observed
     */
    public record NextPromotion(
            String from,
            List<String> qualifiedIn,
            String sha,
            String identity,
            List<String> services,
            SortedMap<String, ImageRef> images,
            List<PromotionCondition> conditions) {
        public NextPromotion {
            qualifiedIn = List.copyOf(qualifiedIn);
            services = List.copyOf(services);
            images = Collections.unmodifiableSortedMap(images);
            conditions = List.copyOf(conditions);
        }

        /** Whether all conditions hold. */
        public boolean allowed() {
            return conditions.stream().allMatch(PromotionCondition::met);
        }
    }

    /** The next time after {@code now} at which a condition may change by time alone; empty if there is none. */
    public Optional<Instant> nextLook(Instant now) {
        return waves.stream()
                .flatMap(wave -> wave.live().flatMap(LiveState::next).stream())
                .flatMap(next -> next.conditions().stream())
                .map(PromotionCondition::nextLook)
                .filter(look -> look != null && look.isAfter(now))
                .min(Instant::compareTo);
    }

    public RepositoryState with(List<WaveSnapshot> seen) {
        return new RepositoryState(head, auto, seen, rejections, past, problems);
    }

    public RepositoryState {
        auto = List.copyOf(auto);
        waves = List.copyOf(waves);
        problems = List.copyOf(problems);
    }

    public String repository() {
        return head.repository();
    }

    public String mainBranch() {
        return head.mainBranch();
    }

    public String main() {
        return head.main();
    }

    public Instant at() {
        return head.at();
    }

    public List<DecidedChange> history() {
        return past.history();
    }

    public Map<String, BroughtImages> brought() {
        return past.brought();
    }

    public List<StateEvent> events() {
        return past.events();
    }
}
