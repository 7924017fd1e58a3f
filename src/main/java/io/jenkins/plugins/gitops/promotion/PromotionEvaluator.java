package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.delivery.ConditionReport;
import io.jenkins.plugins.gitops.delivery.PromotionPreview;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import io.jenkins.plugins.gitops.waves.FanIn;
import io.jenkins.plugins.gitops.waves.GateLookup;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.Wave;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Decides whether the image set of one wave may be written into the next, and builds the change that does it. Each rule
 * is a named condition. All conditions are evaluated each time, so that people see every reason to wait at once.
 */
public final class PromotionEvaluator {

    private final RepositorySettings settings;
    private final PromotionInputs inputs;
    private final SourceFinder sources;

    /** Decides at one time. */
    public PromotionEvaluator(
            RepositorySettings settings,
            PromotionInputs inputs,
            SignatureConditions signatures,
            GateLookup gates,
            Instant now) {
        this.settings = settings;
        this.inputs = inputs;
        this.sources =
                new SourceFinder(inputs, new ConditionEvaluator(settings.name(), inputs, signatures, gates, now));
    }

    /** What is to be done for a request. */
    public sealed interface Decision {

        /** A change is appended. */
        record Append(NewChange change, ConditionReport conditions) implements Decision {

            /** All conditions, with the last one, whose value the append itself shows. */
            public ConditionReport with(PromotionCondition last) {
                var all = new ArrayList<>(conditions.all());
                all.add(last);
                return new ConditionReport(all);
            }
        }

        /** Nothing is appended: a condition does not hold, or a newer set took the place of the requested one. */
        record NotAppended(PromotionResult result) implements Decision {}
    }

    /**
     * Decides on a request. A dry run becomes a change also if a condition does not hold.
     *
     * @throws RequestRefused if the settings do not have a wave or an image set that the request names
     */
    public Decision decide(PromotionRequest asked) throws IOException, RequestRefused {
        PromotionRequest request = withFullRevision(asked);
        WaveRoute route = route(request);
        PromotionSource source = sources.find(request, route);
        var conditions = new ConditionReport(source.conditions());
        if (source.set().isPresent() && (conditions.hold() || request.kind().isDryRun())) {
            return new Decision.Append(change(request, route, source), conditions);
        }
        var superseded = new SubmittedChange(
                SubmittedChange.State.SUPERSEDED,
                request.id(),
                inputs.queue().main().name());
        return new Decision.NotAppended(
                source.superseded() ? PromotionResult.of(superseded, conditions) : PromotionResult.refused(conditions));
    }

    /** The request with the whole SHA of its commit; one that is not a commit of main is left as it is. */
    private PromotionRequest withFullRevision(PromotionRequest request) throws IOException, RequestRefused {
        Optional<String> revision = request.revision();
        return revision.isEmpty() || CommitSha.isFull(revision.get())
                ? request
                : request.with(new RevisionFinder(
                                settings,
                                inputs.branch().graph(),
                                inputs.queue().main())
                        .onMain(revision.get())
                        .name());
    }

    private WaveRoute route(PromotionRequest request) throws RequestRefused {
        try {
            Wave to = settings.wave(request.to());
            List<String> from =
                    to.fansIn() && to.fanIn() == FanIn.ALL && !request.kind().isRollback()
                            ? to.promotesFrom()
                            : request.from();
            return new WaveRoute(from.stream().map(settings::wave).toList(), to, settings.imageSet(request.set()));
        } catch (IllegalArgumentException e) {
            throw new RequestRefused(e.getMessage());
        }
    }

    /**
     * Describes what a change would do, without appending it.
     *
     * @param diff against the tip of the auto branch
     */
    public PromotionPreview preview(Decision.Append decision, String diff) throws IOException {
        NewChange change = decision.change();
        ImageSet set = change.images();
        ImageSet present = inputs.branch().images().read(inputs.queue().main(), change.wavePath());
        List<String> differences = set.differingServices(present).stream()
                .map(service -> service + ": " + shown(present.get(service)) + " -> " + shown(set.get(service)))
                .toList();
        PromotionCondition differs = ConditionEvaluator.differs(change.wavePath(), !set.equals(present));
        return new PromotionPreview(decision.with(differs), differences, diff);
    }

    private static String shown(Optional<ImageRef> image) {
        return image.map(present -> present.tagReference() + " (" + present.digest() + ")")
                .orElse("none");
    }

    /** The promotion into a wave that would be made now, with its conditions. */
    public RepositoryState.NextPromotion next(Wave to, Optional<String> set) throws IOException {
        WaveRoute route =
                new WaveRoute(to.promotesFrom().stream().map(settings::wave).toList(), to, set);
        PromotionSource source = sources.find(
                PromotionRequest.of(PromotionRequest.Kind.PROMOTE, to.promotesFrom(), to.name())
                        .build(),
                route);
        var conditions = new ArrayList<>(source.conditions());
        SortedSet<String> services = new TreeSet<>();
        var images = new TreeMap<String, ImageRef>();
        if (source.set().isPresent()) {
            ImageSet promoted = source.set().get();
            services = promoted.differingServices(
                    inputs.branch().images().read(inputs.queue().main(), route.toPath()));
            images.putAll(promoted.images());
            images.keySet().retainAll(services);
            conditions.add(ConditionEvaluator.differs(route.toPath(), !services.isEmpty()));
        }
        String identity = source.set().map(ImageSet::identity).orElse("");
        return new RepositoryState.NextPromotion(
                source.from().name(),
                source.qualifiedIn(),
                source.sha(),
                identity,
                List.copyOf(services),
                images,
                conditions);
    }

    private NewChange change(PromotionRequest request, WaveRoute route, PromotionSource source) throws IOException {
        String from = source.from().name();
        String to = route.to().name();
        boolean rollback = request.kind().isRollback();
        String appSha = inputs.branch()
                .mainLog()
                .newestChange(ObjectId.fromString(source.sha()), route.path(source.from()))
                .flatMap(ChangeTrailers::appSha)
                .orElse(null);
        String at = appSha == null ? "" : " (" + CommitSha.abbreviate(appSha) + ")";
        String usual = rollback ? "chore: roll " + to + " back" : "chore: promote " + from + " to " + to;
        // No order: which of two promotions is newer depends on what they promote, not on the builds that did it.
        ChangeTrailers trailers = ChangeTrailers.builder(
                        request.id(), rollback ? ChangeOperation.ROLLBACK : ChangeOperation.PROMOTE, route.toPath())
                .appSha(appSha)
                .reason(rollback ? "rolled back to " + CommitSha.abbreviate(source.sha()) : "promoted from " + from)
                .sourceWave(rollback ? null : from)
                .sourceSha(source.sha())
                .buildUrl(request.buildUrl().orElse(null))
                .build();
        return new NewChange(trailers, source.set().orElseThrow())
                .withSubject(request.subject().orElse(usual + at))
                .withBody(request.body().orElse(null));
    }
}
