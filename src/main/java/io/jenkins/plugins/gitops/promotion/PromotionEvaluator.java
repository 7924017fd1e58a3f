package io.jenkins.plugins.gitops.promotion;

import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
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
import io.jenkins.plugins.gitops.queue.AutoBranch;
import io.jenkins.plugins.gitops.queue.CommitQueue;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.QualifiedSet;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
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
    private final AutoBranch branch;
    private final WaveRollouts rollouts;
    private final WaveStateReader states;
    private final Candidates candidates;
    private final CommitQueue line;
    private final ConditionEvaluator evaluator;

    /**
     * Decides at one time.
     *
     * @param line the queue to which a change would be appended
     */
    public PromotionEvaluator(
            RepositorySettings settings,
            AutoBranch branch,
            WaveRollouts rollouts,
            WaveStateReader states,
            Candidates candidates,
            CommitQueue line,
            Instant now) {
        this.settings = settings;
        this.branch = branch;
        this.rollouts = rollouts;
        this.states = states;
        this.candidates = candidates;
        this.line = line;
        this.evaluator = new ConditionEvaluator(branch, states, candidates, line, now);
    }

    /** A request whose names are looked up in the settings. */
    private record Resolved(PromotionRequest request, Wave from, Wave to, Optional<String> set) {

        WavePath fromPath() {
            return new WavePath(from.name(), set);
        }

        WavePath toPath() {
            return new WavePath(to.name(), set);
        }

        Optional<String> revision() {
            return request.revision();
        }
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
    public Decision decide(PromotionRequest request) throws IOException, RequestRefused {
        Resolved resolved = resolve(request);
        Source source = source(resolved);
        var conditions = new ConditionReport(source.conditions());
        if (source.set().isPresent() && (conditions.hold() || request.kind().isDryRun())) {
            return new Decision.Append(
                    change(resolved, source.sha(), source.set().get()), conditions);
        }
        var superseded = new SubmittedChange(
                SubmittedChange.State.SUPERSEDED, request.id(), line.main().name());
        return new Decision.NotAppended(
                source.superseded() ? PromotionResult.of(superseded, conditions) : PromotionResult.refused(conditions));
    }

    private Resolved resolve(PromotionRequest request) throws RequestRefused {
        try {
            return new Resolved(
                    request,
                    settings.wave(request.from()),
                    settings.wave(request.to()),
                    settings.imageSet(request.set()));
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
        ImageSet present = branch.images().read(line.main(), change.wavePath());
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

    /** The promotion from one wave to another that would be made now, with its conditions. */
    public RepositoryState.Next next(Wave from, Wave to, Optional<String> set) throws IOException {
        var promotion = new Resolved(
                PromotionRequest.of(PromotionRequest.Kind.PROMOTE, from.name(), to.name())
                        .build(),
                from,
                to,
                set);
        Source source = source(promotion);
        var conditions = new ArrayList<>(source.conditions());
        SortedSet<String> services = new TreeSet<>();
        var images = new TreeMap<String, ImageRef>();
        if (source.set().isPresent()) {
            ImageSet promoted = source.set().get();
            services = promoted.differingServices(branch.images().read(line.main(), promotion.toPath()));
            images.putAll(promoted.images());
            images.keySet().retainAll(services);
            conditions.add(ConditionEvaluator.differs(promotion.toPath(), !services.isEmpty()));
        }
        String identity = source.set().map(ImageSet::identity).orElse("");
        return new RepositoryState.Next(from.name(), source.sha(), identity, List.copyOf(services), images, conditions);
    }

    /**
     * The image set that one wave has for another.
     *
     * @param sha the config commit that is deployed, or empty
     * @param set its set, if there is one to promote
     * @param superseded whether a newer set took the place of the one that was asked for
     */
    private record Source(
            String sha, Optional<ImageSet> set, boolean superseded, List<PromotionCondition> conditions) {}

    private Source source(Resolved promotion) throws IOException {
        return promotion.request().kind().isRollback() ? earlier(promotion) : deployed(promotion);
    }

    /** The earlier set of a rollback: the set that the wave had in the requested commit. */
    private Source earlier(Resolved promotion) throws IOException {
        WavePath to = promotion.toPath();
        String revision = promotion.revision().orElseThrow();
        String asked = "a commit of main in which " + to + " has images";
        ImageSet set =
                rollouts.isOnMain(revision) ? branch.images().read(ObjectId.fromString(revision), to) : ImageSet.EMPTY;
        var conditions = new ArrayList<PromotionCondition>();
        conditions.add(new PromotionCondition(
                PromotionCondition.EARLIER,
                !set.isEmpty(),
                asked,
                set.isEmpty()
                        ? "main has no commit " + revision + " in which " + to + " has images."
                        : to + " had this set in " + CommitSha.abbreviate(revision) + "."));
        conditions.add(evaluator.rejected(set));
        return new Source(revision, set.isEmpty() ? Optional.empty() : Optional.of(set), false, conditions);
    }

    private Source deployed(Resolved promotion) throws IOException {
        Wave from = promotion.from();
        Wave to = promotion.to();
        Optional<String> revision = promotion.revision();
        RolloutRequirement configured = from.gates().require();
        RolloutRequirement require =
                promotion.request().require().map(configured::and).orElse(configured);
        Rollout rollout = rollouts.of(promotion.fromPath(), revision, require);
        Optional<QualifiedSet> qualified = qualified(promotion, rollout);
        String sha = qualified.map(QualifiedSet::sha).or(rollout::deployed).orElse(null);
        var conditions = new ArrayList<PromotionCondition>();
        String asked = from.name() + " runs one set, and is healthy, on targets: " + require;
        if (sha == null) {
            conditions.add(new PromotionCondition(
                    PromotionCondition.DEPLOYED, false, asked, "in " + from.name() + ": " + rollout.reason()));
            conditions.addAll(evaluator.ofTarget(to, promotion.toPath()));
            return new Source("", Optional.empty(), rollout.superseded(), conditions);
        }
        String seen = qualified.isPresent()
                ? from.name() + " ran " + CommitSha.abbreviate(sha) + " for long enough, by "
                        + qualified.get().at() + "."
                : from.name() + " runs " + CommitSha.abbreviate(sha) + targets(rollout) + ".";
        conditions.add(new PromotionCondition(PromotionCondition.DEPLOYED, true, asked, seen));
        ImageSet set = branch.images().read(ObjectId.fromString(sha), promotion.fromPath());
        if (to.gates().soaks()) {
            conditions.add(candidates.soak(promotion.fromPath(), promotion.toPath(), set.identity()));
        }
        PromotionCondition notOlder = evaluator.notOlder(promotion.toPath(), sha);
        conditions.add(notOlder);
        conditions.add(evaluator.rejected(set));
        conditions.addAll(evaluator.ofTarget(to, promotion.toPath()));
        if (!notOlder.met()) {
            return new Source(sha, Optional.empty(), revision.isPresent(), conditions);
        }
        if (set.isEmpty()) {
            conditions.add(new PromotionCondition(
                    PromotionCondition.DIFFERS, false, "something to promote", from.name() + " has no images yet."));
            return new Source(sha, Optional.empty(), false, conditions);
        }
        return new Source(sha, Optional.of(set), false, conditions);
    }

    /**
     * The qualified set that may be promoted although the wave may run another one now: the requested set, or the
     * newest that the target does not have. Empty if the set that runs now has soaked too, since that takes precedence.
     */
    private Optional<QualifiedSet> qualified(Resolved promotion, Rollout rollout) throws IOException {
        WavePath from = promotion.fromPath();
        WavePath to = promotion.toPath();
        Optional<String> revision = promotion.revision();
        if (!promotion.to().gates().soaks()) {
            return Optional.empty();
        }
        if (revision.isEmpty() && candidates.running(from).isPresent()) {
            String running = candidates.running(from).get().identity();
            if (rollout.deployed().isPresent()
                    && candidates.soak(from, to, running).met()) {
                return Optional.empty();
            }
        }
        Optional<String> wanted = revision.isEmpty() || !rollouts.isOnMain(revision.get())
                ? Optional.empty()
                : Optional.of(branch.images()
                        .read(ObjectId.fromString(revision.get()), from)
                        .identity());
        ImageSet present = branch.images().read(line.main(), to);
        QualifiedSet newest = null;
        for (QualifiedSet each : states.of(to).qualified()) {
            boolean meant = revision.isEmpty() || wanted.equals(Optional.of(each.identity()));
            if (meant && !each.identity().equals(present.identity()) && mayGo(each, from, to)) {
                newest = each;
            }
        }
        return Optional.ofNullable(newest);
    }

    private boolean mayGo(QualifiedSet qualified, WavePath from, WavePath to) throws IOException {
        if (!rollouts.isOnMain(qualified.sha())
                || !evaluator.notOlder(to, qualified.sha()).met()) {
            return false;
        }
        ImageSet set = branch.images().read(ObjectId.fromString(qualified.sha()), from);
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

    private NewChange change(Resolved promotion, String source, ImageSet set) throws IOException {
        String from = promotion.from().name();
        String to = promotion.to().name();
        PromotionRequest request = promotion.request();
        boolean rollback = request.kind().isRollback();
        String appSha = branch.mainLog()
                .newestChange(ObjectId.fromString(source), promotion.fromPath())
                .flatMap(ChangeTrailers::appSha)
                .orElse(null);
        String at = appSha == null ? "" : " (" + CommitSha.abbreviate(appSha) + ")";
        String usual = rollback ? "chore: roll " + to + " back" : "chore: promote " + from + " to " + to;
        // No order: which of two promotions is newer depends on what they promote, not on the builds that did it.
        ChangeTrailers trailers = ChangeTrailers.builder(
                        request.id(), rollback ? ChangeOperation.ROLLBACK : ChangeOperation.PROMOTE, promotion.toPath())
                .appSha(appSha)
                .reason(rollback ? "rolled back to " + CommitSha.abbreviate(source) : "promoted from " + from)
                .sourceWave(rollback ? null : from)
                .sourceSha(source)
                .buildUrl(request.buildUrl().orElse(null))
                .build();
        return new NewChange(trailers, set)
                .withSubject(request.subject().orElse(usual + at))
                .withBody(request.body().orElse(null));
    }
}
