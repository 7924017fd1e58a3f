package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.QualifiedSet;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Finds the image set for a wave that promotes from several others: the newest set that is qualified in all of them, or
 * in one, as the wave asks. Where none is, it is the newest of those that the waves run, with what it lacks.
 */
final class FanInFinder {

    private final PromotionInputs inputs;
    private final ConditionEvaluator evaluator;

    FanInFinder(PromotionInputs inputs, ConditionEvaluator evaluator) {
        this.inputs = inputs;
        this.evaluator = evaluator;
    }

    /** A commit from which a wave has a set. */
    private record Place(Wave wave, String sha) {}

    /**
     * A set in one of the waves.
     *
     * @param conditions whether it is deployed, has soaked, and is verified there
     */
    private record Standing(Wave wave, List<PromotionCondition> conditions) {

        boolean isQualified() {
            return conditions.stream().allMatch(PromotionCondition::met);
        }

        boolean isThere() {
            return conditions.get(0).met();
        }
    }

    /** A set that may be chosen, and where it is. */
    private record Choice(ImageSet set, Place place, ObjectId origin, List<Standing> standings) {

        boolean isQualified(boolean inAll) {
            return inAll
                    ? standings.stream().allMatch(Standing::isQualified)
                    : standings.stream().anyMatch(Standing::isQualified);
        }

        List<String> qualifiedIn() {
            return standings.stream()
                    .filter(Standing::isQualified)
                    .map(standing -> standing.wave().name())
                    .toList();
        }
    }

    PromotionSource find(PromotionRequest request, WaveRoute route) throws IOException {
        Map<String, List<Place>> places = request.revision().isPresent()
                ? placesOf(route, request.revision().get())
                : places(request, route);
        ImageSet present = inputs.branch().images().read(inputs.queue().main(), route.toPath());
        Choice chosen = null;
        for (Map.Entry<String, List<Place>> each : places.entrySet()) {
            Choice choice = choice(request, route, each.getKey(), each.getValue());
            boolean wanted =
                    request.revision().isPresent() || !choice.set().identity().equals(present.identity());
            if (chosen == null || wanted && precedes(choice, chosen, route, present)) {
                chosen = choice;
            }
        }
        return chosen == null ? nothing(request, route) : source(request, route, chosen);
    }

    private boolean precedes(Choice choice, Choice other, WaveRoute route, ImageSet present) throws IOException {
        if (other.set().identity().equals(present.identity())) {
            return true;
        }
        boolean may = mayGo(choice, route);
        boolean otherMay = mayGo(other, route);
        if (may != otherMay) {
            return may;
        }
        return !choice.origin().equals(other.origin())
                && inputs.branch().graph().contains(choice.origin(), other.origin());
    }

    private boolean mayGo(Choice choice, WaveRoute route) throws IOException {
        return choice.isQualified(route.needsAll())
                && notOlder(choice, route).met()
                && evaluator.rejected(choice.set()).met();
    }

    private PromotionCondition notOlder(Choice choice, WaveRoute route) throws IOException {
        return evaluator.notOlder(
                route.toPath(), choice.place().sha(), route.path(choice.place().wave()));
    }

    /** The sets that the waves run, or ran for long enough, by their identities. */
    private Map<String, List<Place>> places(PromotionRequest request, WaveRoute route) throws IOException {
        var places = new LinkedHashMap<String, List<Place>>();
        for (Wave wave : route.from()) {
            Optional<String> running = rollout(request, route, wave).deployed();
            if (running.isPresent()) {
                add(places, route, new Place(wave, running.get()));
            }
            for (QualifiedSet qualified : inputs.states().of(route.toPath()).qualified()) {
                if (qualified.isOf(wave.name(), true) && inputs.rollouts().isOnMain(qualified.sha())) {
                    add(places, route, new Place(wave, qualified.sha()));
                }
            }
        }
        return places;
    }

    /** The sets that the waves have in one commit. */
    private Map<String, List<Place>> placesOf(WaveRoute route, String revision) throws IOException {
        var places = new LinkedHashMap<String, List<Place>>();
        if (inputs.rollouts().isOnMain(revision)) {
            for (Wave wave : route.from()) {
                add(places, route, new Place(wave, revision));
            }
        }
        return places;
    }

    private void add(Map<String, List<Place>> places, WaveRoute route, Place place) throws IOException {
        ImageSet set = read(route, place);
        if (!set.isEmpty()) {
            places.computeIfAbsent(set.identity(), identity -> new ArrayList<>())
                    .add(place);
        }
    }

    private ImageSet read(WaveRoute route, Place place) throws IOException {
        return inputs.branch().images().read(ObjectId.fromString(place.sha()), route.path(place.wave()));
    }

    private Rollout rollout(PromotionRequest request, WaveRoute route, Wave wave) throws IOException {
        return inputs.rollouts().of(route.path(wave), Optional.empty(), SourceFinder.requirement(request, wave));
    }

    private Choice choice(PromotionRequest request, WaveRoute route, String identity, List<Place> places)
            throws IOException {
        var standings = new ArrayList<Standing>();
        for (Wave wave : route.from()) {
            standings.add(standing(request, route, wave, identity));
        }
        Place best = places.get(0);
        for (Place place : places) {
            boolean qualified = standings.stream()
                    .anyMatch(standing -> standing.wave().equals(place.wave()) && standing.isQualified());
            if (qualified) {
                best = place;
                break;
            }
        }
        ObjectId origin = inputs.branch()
                .mainLog()
                .upTo(inputs.queue().main())
                .origin(ObjectId.fromString(best.sha()), route.path(best.wave()));
        return new Choice(read(route, best), best, origin, standings);
    }

    private Standing standing(PromotionRequest request, WaveRoute route, Wave wave, String identity)
            throws IOException {
        WavePath path = route.path(wave);
        var conditions = new ArrayList<PromotionCondition>();
        Rollout rollout = rollout(request, route, wave);
        String asked = wave.name() + " runs it, and is healthy, on targets: " + SourceFinder.requirement(request, wave);
        Optional<QualifiedSet> before = inputs.states().of(route.toPath()).qualified().stream()
                .filter(set -> set.isOf(wave.name(), true) && set.identity().equals(identity))
                .findFirst();
        Optional<String> running = rollout.deployed();
        boolean runs = running.isPresent()
                && read(route, new Place(wave, running.get())).identity().equals(identity);
        String seen = before.map(set -> wave.name() + " ran it for long enough, by " + set.at() + ".")
                .orElseGet(() -> runs
                        ? SourceFinder.runs(wave, running.orElseThrow(), rollout)
                        : running.map(other ->
                                        wave.name() + " runs another set, that of " + CommitSha.abbreviate(other) + ".")
                                .orElseGet(() -> "in " + wave.name() + ": " + rollout.reason()));
        conditions.add(new PromotionCondition(PromotionCondition.DEPLOYED, runs || before.isPresent(), asked, seen));
        if (route.to().gates().soaks()) {
            conditions.add(inputs.candidates().soak(path, route.toPath(), identity));
        }
        evaluator.verified(wave, path, identity).ifPresent(conditions::add);
        return new Standing(wave, conditions);
    }

    private PromotionSource source(PromotionRequest request, WaveRoute route, Choice chosen) throws IOException {
        var conditions = new ArrayList<>(joined(route, chosen.standings()));
        PromotionCondition notOlder = notOlder(chosen, route);
        conditions.addAll(
                evaluator.ofSet(route.to(), route.toPath(), chosen.place().sha(), chosen.set(), notOlder));
        return new PromotionSource(
                chosen.place().wave(),
                chosen.qualifiedIn(),
                chosen.place().sha(),
                notOlder.met() ? Optional.of(chosen.set()) : Optional.empty(),
                !notOlder.met() && request.revision().isPresent(),
                conditions);
    }

    /** One condition of each name: those of all waves together, or of the wave in which the set has come farthest. */
    private static List<PromotionCondition> joined(WaveRoute route, List<Standing> standings) {
        if (!route.needsAll()) {
            Standing farthest = standings.get(0);
            for (Standing standing : standings) {
                if (standing.isQualified() && !farthest.isQualified() || standing.isThere() && !farthest.isThere()) {
                    farthest = standing;
                }
            }
            return farthest.conditions();
        }
        Map<String, PromotionCondition> joined = new LinkedHashMap<>();
        for (Standing standing : standings) {
            for (PromotionCondition condition : standing.conditions()) {
                joined.merge(condition.name(), condition, FanInFinder::both);
            }
        }
        return List.copyOf(joined.values());
    }

    private static PromotionCondition both(PromotionCondition one, PromotionCondition other) {
        String seen =
                one.met() == other.met() ? one.seen() + " " + other.seen() : one.met() ? other.seen() : one.seen();
        return new PromotionCondition(
                one.name(), one.met() && other.met(), one.asked() + "; " + other.asked(), seen, earlier(one, other));
    }

    /** The earlier time at which one of two conditions that do not hold may hold. */
    @CheckForNull
    private static Instant earlier(PromotionCondition one, PromotionCondition other) {
        Instant first = one.met() ? null : one.nextLook();
        Instant second = other.met() ? null : other.nextLook();
        return first == null || second != null && second.isBefore(first) ? second : first;
    }

    private PromotionSource nothing(PromotionRequest request, WaveRoute route) throws IOException {
        var seen = new ArrayList<String>();
        for (Wave wave : route.from()) {
            Rollout rollout = rollout(request, route, wave);
            seen.add("in " + wave.name() + ": "
                    + (rollout.deployed().isPresent() ? "there are no images yet." : rollout.reason()));
        }
        var conditions = new ArrayList<PromotionCondition>();
        conditions.add(new PromotionCondition(
                PromotionCondition.DEPLOYED,
                false,
                route.to().previous() + " run one set, and are healthy",
                request.revision()
                        .map(revision -> "none of them has images in " + CommitSha.abbreviate(revision) + " of main.")
                        .orElse(String.join(" ", seen))));
        conditions.addAll(evaluator.ofTarget(route.to(), route.toPath()));
        return new PromotionSource(route.from().get(0), List.of(), "", Optional.empty(), false, conditions);
    }
}
