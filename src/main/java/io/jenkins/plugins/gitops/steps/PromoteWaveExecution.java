package io.jenkins.plugins.gitops.steps;

import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.EntryState;
import io.jenkins.plugins.gitops.build.PromotionEntry;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.common.NotPromotable;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PreparePromotion;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PreviewPromotion;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.PreparedPromotion;
import io.jenkins.plugins.gitops.delivery.PromotionPreview;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.git.BodyChanges;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.base.BodyStepExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import io.jenkins.plugins.gitops.steps.base.TargetRevision;
import io.jenkins.plugins.gitops.triggers.WavePromotionCause;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Has what one wave runs appended for another, at once or as soon as every condition holds. The change's id is saved
 * with the build before anything is pushed, so that a build that is resumed cannot promote twice. A body runs when the
 * conditions hold, and they are looked at once more with what it made. A dry run has it run for whatever could be
 * promoted at another time, too.
 */
final class PromoteWaveExecution extends BodyStepExecution {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = Logger.getLogger(PromoteWaveExecution.class.getName());

    private final transient PromoteWaveStep step;
    /** What the driver is asked. */
    private enum DriverQuestion {
        /** For the tree that the body is to work on. */
        PREPARE,
        /** For the change. */
        PROMOTE
    }

    private String id;
    private String repository;
    private String from;
    private String to;
    private boolean wait;
    private PromotionRequest.Kind kind;
    private String by;
    private long started;

    /** How often to ask while it waits, in milliseconds. */
    private long interval;

    @CheckForNull
    private String set;

    @CheckForNull
    private String revision;

    /** The config commit whose set the body works on, or null before it runs. */
    @CheckForNull
    private volatile String pinned;

    @CheckForNull
    private String require;

    @CheckForNull
    private String subject;

    @CheckForNull
    private String build;

    @CheckForNull
    private transient Subscription following;

    @CheckForNull
    private transient ScheduledFuture<?> timer;

    @CheckForNull
    private transient volatile String waitingFor;

    @CheckForNull
    private transient volatile BodyChanges made;

    // Guarded by this. There is no question while the body runs.
    @CheckForNull
    private transient DriverQuestion question;

    private transient boolean asking;
    private transient boolean askAgain;

    PromoteWaveExecution(StepContext context, PromoteWaveStep step) {
        super(context);
        this.step = step;
    }

    @Override
    public boolean start() throws Exception {
        Run<?, ?> run = need(Run.class);
        RepositoryDefinition configured = StepArguments.repository(step.getRepo(), run);
        RepositorySettings settings = configured.toSettings();
        repository = settings.name();
        kind = PromotionRequest.Kind.of(step.isRollback(), step.isDryRun());
        readBody("promoteWave", step.getBodyPaths(), settings.generatedPaths());
        require = StepArguments.requirement(step.getRequire());
        by = StepArguments.by(run);
        wait = step.isWait();
        if (step.isRollback()) {
            beginRollback(configured, run);
        } else {
            Wave target = target(configured, settings);
            to = StepArguments.writable(configured, target, run).name();
            from = Objects.requireNonNull(target.promotesFrom());
        }
        String named = step.getSet();
        set = StepArguments.set(
                configured,
                named != null
                        ? named
                        : WavePromotionCause.set(run, repository, to).orElse(null));
        interval = settings.pollInterval().toMillis();
        subject = step.getMessage();
        build = StepArguments.url(run);
        started = DriverRegistry.get().clock().millis();
        TargetRevision meant = step.isRollback()
                ? new TargetRevision(revision, false)
                : TargetRevision.of(
                        "promoteWave",
                        step.getRevision(),
                        DeliveryAction.of(run),
                        repository,
                        WavePath.of(from, set),
                        WavePath.of(to, set));
        revision = meant.sha();
        if (meant.superseded()) {
            log("A newer set took the place of this build's; there is nothing to promote for it.");
            succeed(result(new SubmittedChange("", "", false, true, null), new PromotionResult(null, List.of(), List.of())));
            return false;
        }
        id = NewChange.newId();
        ListenableFuture<Void> saved = getContext().saveState();
        saved.addListener(
                () -> onceSaved(saved, run.getExternalizableId()), DriverRegistry.get().pool());
        return false;
    }

    /** A rollback stays in its wave, and somebody has to say to which set. */
    private void beginRollback(RepositoryDefinition configured, Run<?, ?> run) throws AbortException {
        if (step.isWait() || require != null || step.getFrom() != null) {
            throw new AbortException(
                    "promoteWave with rollback: true takes to: and revision: only; it waits for nothing.");
        }
        to = StepArguments.writable(
                        configured,
                        StepArguments.wave(configured, StepArguments.required(step.getTo(), "promoteWave", "to")),
                        run)
                .name();
        from = to;
        revision = StepArguments.fullSha(StepArguments.required(step.getRevision(), "promoteWave", "revision"), "revision:");
    }

    /** The wave to promote to: the one named, or the only one that promotes from the one named. */
    private Wave target(RepositoryDefinition configured, RepositorySettings settings) throws AbortException {
        String given = step.getFrom();
        String named = step.getTo();
        Wave target;
        if (named != null) {
            target = StepArguments.wave(configured, named);
        } else if (given != null) {
            target = onlyFollower(settings, StepArguments.wave(configured, given).name());
        } else {
            throw new AbortException("promoteWave needs from: or to:, the waves to promote between.");
        }
        if (target.promotesFrom() == null) {
            throw new AbortException("The wave " + target.name() + " of \"" + repository
                    + "\" promotes from no other; set promotesFrom on it, or let builds commit into it.");
        }
        if (given != null && !given.equals(target.promotesFrom())) {
            throw new AbortException("The wave " + target.name() + " of \"" + repository + "\" promotes from "
                    + target.promotesFrom() + ", not from " + given + ".");
        }
        return target;
    }

    private Wave onlyFollower(RepositorySettings settings, String wave) throws AbortException {
        List<Wave> followers = settings.waves().stream()
                .filter(candidate -> wave.equals(candidate.promotesFrom()))
                .toList();
        if (followers.size() != 1) {
            throw new AbortException("Say to: which wave to promote to; "
                    + (followers.isEmpty()
                            ? "none promotes from " + wave + "."
                            : String.join(
                                            ", ",
                                            followers.stream().map(Wave::name).toList()) + " promote from " + wave
                                    + "."));
        }
        return followers.get(0);
    }

    private void onceSaved(ListenableFuture<Void> saved, String run) {
        if (isSaved(saved, run)) {
            subscribe();
        }
    }

    @Override
    public String repository() {
        return repository;
    }

    @Override
    public void prepare() {
        pinned = null;
        ask(DriverQuestion.PREPARE);
    }

    @Override
    public void submit(@Nullable BodyChanges body) {
        made = body;
        ask(DriverQuestion.PROMOTE);
    }

    private void ask(DriverQuestion next) {
        synchronized (this) {
            question = next;
        }
        ask();
    }

    /** Asks the driver, one question at a time: whoever wants to ask meanwhile has it asked once more. */
    private void ask() {
        DriverQuestion asked;
        synchronized (this) {
            asked = question;
            if (isEnded() || asked == null) {
                return;
            }
            if (asking) {
                askAgain = true;
                return;
            }
            asking = true;
            askAgain = false;
        }
        DriverRegistry drivers = DriverRegistry.get();
        if (asked == DriverQuestion.PREPARE) {
            drivers.submit(repository, new PreparePromotion(request())).whenComplete(this::prepared);
        } else if (kind.isDryRun()) {
            drivers.submit(repository, new PreviewPromotion(request())).whenComplete(this::triedOut);
        } else {
            drivers.submit(repository, new Promote(request())).whenComplete(this::answered);
        }
    }

    private PromotionRequest request() {
        return PromotionRequest.of(kind, from, to)
                .id(id)
                .set(set)
                .revision(meant())
                .require(require == null ? null : RolloutRequirement.parse(require))
                .subject(subject)
                .buildUrl(build)
                .requester(by)
                .body(made)
                .build();
    }

    /** The set that the body works on stays the one that is promoted, whatever the wave comes to run. */
    @CheckForNull
    private String meant() {
        String body = pinned;
        return body != null ? body : revision;
    }

    private void prepared(@Nullable PreparedPromotion prepared, @Nullable Throwable failure) {
        PreparedPromotion.Source source =
                prepared == null ? null : prepared.source().orElse(null);
        if (prepared == null || source == null && !kind.isDryRun()) {
            answered(prepared == null ? null : prepared.result(), failure);
            return;
        }
        synchronized (this) {
            asking = false;
            question = null;
            pinned = source == null ? null : source.revision();
            unsubscribe();
        }
        if (source == null) {
            submit(null);
            return;
        }
        waitingFor = null;
        layOut(source.tree());
    }

    private void answered(@Nullable PromotionResult promoted, @Nullable Throwable failure) {
        boolean again;
        synchronized (this) {
            asking = false;
            again = askAgain;
        }
        SubmittedChange appended = promoted == null ? null : promoted.appended();
        if (promoted == null) {
            fail(failure == null ? new IllegalStateException("no answer") : failure);
        } else if (appended != null) {
            promoted(appended, promoted);
        } else if (!wait) {
            recordOnBuild(EntryState.REFUSED, promoted, null);
            fail(new NotPromotable(
                    kind.isRollback()
                            ? to + " was not rolled back: " + promoted.refusal()
                            : "What " + from + " runs was not promoted to " + to + ": " + promoted.refusal()
                                    + " With wait: true the step waits until it may be."));
        } else {
            waitFor(promoted);
            if (again) {
                ask();
            }
        }
    }

    private void waitFor(PromotionResult refused) {
        String reason = refused.refusal();
        if (!reason.equals(waitingFor)) {
            waitingFor = reason;
            recordOnBuild(EntryState.WAITING, refused, null);
            log("Promotion from " + from + " to " + to + ": " + reason);
        }
        DriverRegistry drivers = DriverRegistry.get();
        synchronized (this) {
            if (isEnded()) {
                return;
            }
            if (following == null) {
                following =
                        drivers.followRollout(repository, WavePath.of(from, set), meant(), require, rollout -> ask());
            }
            if (timer != null) {
                timer.cancel(false);
            }
            // What else may have changed, such as a push to main, is seen by asking now and then.
            long next = refused.nextLook()
                    .map(look ->
                            Math.max(1, look.toEpochMilli() - drivers.clock().millis()))
                    .map(left -> Math.min(left, interval))
                    .orElse(interval);
            timer = drivers.timer().schedule(() -> drivers.pool().execute(this::ask), next, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public synchronized void unsubscribe() {
        if (timer != null) {
            timer.cancel(false);
        }
        if (following != null) {
            following.close();
            following = null;
        }
    }

    private void triedOut(@Nullable PromotionPreview tried, @Nullable Throwable failure) {
        if (tried == null) {
            fail(failure == null ? new IllegalStateException("no answer") : failure);
            return;
        }
        PromotionResult promoted = tried.result();
        recordOnBuild(EntryState.TRIED_OUT, promoted, null);
        if (isEnded() || !tried.diff().isEmpty() && !recordDryRun(id, WavePath.of(to, set), tried.diff())) {
            return;
        }
        boolean allowed = promoted.conditions().stream().allMatch(PromotionCondition::met);
        log("Nothing is pushed (dryRun). " + (allowed ? "It could be done now." : promoted.refusal()));
        promoted.differences().forEach(difference -> log("  " + difference));
        succeed(result(new SubmittedChange("", "", false, false, null), promoted));
    }

    private void promoted(SubmittedChange appended, PromotionResult promoted) {
        EntryState state = appended.superseded()
                ? EntryState.SUPERSEDED
                : appended.changed() ? EntryState.PROMOTED : EntryState.UNCHANGED;
        recordOnBuild(state, promoted, appended);
        if (isEnded()) {
            return;
        }
        log(summary(appended));
        succeed(result(appended, promoted));
    }

    private void recordOnBuild(EntryState state, PromotionResult promoted, @Nullable SubmittedChange appended) {
        try {
            DeliveryAction delivery = DeliveryAction.of(need(Run.class));
            long now = DriverRegistry.get().clock().millis();
            delivery.record(new PromotionEntry(repository, from, to, set, started).withResult(state, promoted, now));
            if (appended != null && !appended.id().isEmpty()) {
                delivery.record(ChangeEntry.submitted(repository, WavePath.of(to, set), appended, now));
                keepImages(delivery, appended.id());
            }
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, "Could not keep the promotion to " + to, e);
        }
    }

    private String summary(SubmittedChange appended) {
        if (appended.superseded()) {
            return "Nothing to promote: a newer set is in " + from + ", or was promoted to " + to + ", already.";
        }
        if (!appended.changed()) {
            return "Nothing to promote: main of " + repository + " has in " + to + " what " + from + " runs already.";
        }
        if (appended.attachedTo() != null) {
            return "Nothing to promote: change " + appended.attachedTo() + " brings what " + from + " runs to " + to
                    + " already; this build shares its verdict.";
        }
        if (kind.isRollback()) {
            return "Rolled " + to + " of " + repository + " back to " + revision + " as change " + appended.id() + ", "
                    + appended.sha() + "; CI decides whether it is merged. The wave is held until releaseWave.";
        }
        return "Promoted what " + from + " runs to " + to + " of " + repository + " as change " + appended.id() + ", "
                + appended.sha() + "; CI decides whether it is merged.";
    }

    private Map<String, Object> result(SubmittedChange appended, PromotionResult promoted) {
        List<Map<String, Object>> listed = new ArrayList<>();
        for (PromotionCondition condition : promoted.conditions()) {
            Map<String, Object> each = new HashMap<>();
            each.put("name", condition.name());
            each.put("met", condition.met());
            each.put("asked", condition.asked());
            each.put("seen", condition.seen());
            each.put("nextLook", condition.nextLook() == null ? null : String.valueOf(condition.nextLook()));
            listed.add(each);
        }
        Map<String, Object> result = new HashMap<>();
        result.put("id", appended.id());
        result.put("sha", appended.sha());
        result.put("changed", appended.changed());
        result.put("superseded", appended.superseded());
        result.put("conditions", listed);
        if (kind.isDryRun()) {
            result.put("differences", new ArrayList<>(promoted.differences()));
        }
        return result;
    }

    @Override
    public String getStatus() {
        String reason = waitingFor;
        return status("promoting from " + from + " to " + to + (reason == null ? "" : ": " + reason));
    }
}
