package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.EntryState;
import io.jenkins.plugins.gitops.build.PromotionEntry;
import io.jenkins.plugins.gitops.build.SafeLinks;
import io.jenkins.plugins.gitops.changes.CiSkipMarker;
import io.jenkins.plugins.gitops.changes.NewChange;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.ConditionReport;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PreparePromotion;
import io.jenkins.plugins.gitops.delivery.DriverRequest.PreviewPromotion;
import io.jenkins.plugins.gitops.delivery.DriverRequest.Promote;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ReadState;
import io.jenkins.plugins.gitops.delivery.PreparedPromotion;
import io.jenkins.plugins.gitops.delivery.PromotionPreview;
import io.jenkins.plugins.gitops.delivery.PromotionRequest;
import io.jenkins.plugins.gitops.delivery.PromotionResult;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.base.BodyStepExecution;
import io.jenkins.plugins.gitops.steps.base.LogLinks;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import io.jenkins.plugins.gitops.steps.base.TargetRevision;
import io.jenkins.plugins.gitops.triggers.WavePromotionCause;
import io.jenkins.plugins.gitops.waves.PromotionCondition;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.worktree.BodyChanges;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Promotes the image set of one wave to another, at once or as soon as every condition holds, or rolls a wave back. The
 * id of the change is saved with the build before anything is pushed, so that a build that is resumed cannot promote
 * twice. A body runs once the conditions hold; they are evaluated again with the files that it changed. For a dry run
 * the body runs whether or not they hold.
 */
final class PromoteWaveExecution extends BodyStepExecution {

    private static final long serialVersionUID = 1L;

    private final transient PromoteWaveStep step;
    private String id;
    private String repository;

    /** The waves that may have the set, for people. */
    private String from;

    /** The names of these waves; null in a build that an earlier version started: there was one only. */
    @CheckForNull
    private ArrayList<String> sources;

    private String to;
    private boolean wait;
    private boolean rollback;
    private boolean redeliver;
    private boolean dryRun;

    /** The build that promotes, for people. */
    private String requester;

    private long started;

    /** The interval at which the driver is asked while the step waits, in milliseconds. */
    private long pollMillis;

    /** The name of the image set, or null where the only one has none. */
    @CheckForNull
    private String set;

    /** The config commit whose set is promoted, or until it is found what names it; null for what the wave runs. */
    @CheckForNull
    private volatile String revision;

    /** The config commit on whose set the body works, or null before it runs. */
    @CheckForNull
    private volatile String bodyRevision;

    @CheckForNull
    private String require;

    @CheckForNull
    private String subject;

    @CheckForNull
    private String buildUrl;

    @CheckForNull
    private transient volatile BodyChanges bodyChanges;

    /** The request that is submitted to the driver, also again; null while the body runs. Guarded by this. */
    @CheckForNull
    private transient RequestType requestType;

    /** What the log says of each condition, by its name; null before the first line, also after a restart. */
    @CheckForNull
    private transient Map<String, String> logged;

    /** Whether what names the revision was looked up in the repository. */
    private transient volatile boolean revisionFound;

    private transient boolean asking;
    private transient boolean askAgain;

    private enum RequestType {
        /** The tree that the body works on. */
        TREE,
        /** The promotion, or its preview. */
        PROMOTION
    }

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
        rollback = step.isRollback();
        redeliver = step.isRedeliver();
        dryRun = step.isDryRun();
        wait = step.isWait();
        readBody("promoteWave", step.getBodyPaths(), settings.generatedPaths());
        require = StepArguments.requirement(step.getRequire()).orElse(null);
        requester = StepArguments.requester(run);
        PromotionRoute route = PromotionRoute.of(step, configured, run);
        from = String.join(" and ", route.from());
        sources = new ArrayList<>(route.from());
        to = route.to();
        String named = step.getSet();
        set = StepArguments.set(
                        configured,
                        named != null
                                ? named
                                : WavePromotionCause.set(run, repository, to).orElse(null))
                .orElse(null);
        pollMillis = settings.pollInterval().toMillis();
        subject = StepArguments.limited(step.getMessage(), "message");
        CiSkipMarker.warning(subject == null ? settings.messageTemplate() : subject)
                .ifPresent(warning -> log("Warning: " + warning));
        buildUrl = StepArguments.url(run).orElse(null);
        started = now();
        TargetRevision target = TargetRevision.of(
                "promoteWave", step.getRevision(), DeliveryAction.of(run), repository, source(), destination());
        revision = target.sha().orElse(null);
        target.remark().ifPresent(this::log);
        if (target.superseded()) {
            log("A newer set took the place of this build's; there is nothing to promote for it.");
            var superseded = new SubmittedChange(SubmittedChange.State.SUPERSEDED, "", "");
            succeed(result(superseded, ConditionReport.NONE, List.of()));
            return false;
        }
        id = NewChange.newId();
        startTimeout(step.getTimeout());
        subscribeOnceSaved();
        return false;
    }

    private List<String> sources() {
        List<String> saved = sources;
        return saved == null ? List.of(from) : saved;
    }

    /** The image set in the first of the waves. */
    private WavePath source() {
        return WavePath.of(sources().get(0), set);
    }

    private WavePath destination() {
        return WavePath.of(to, set);
    }

    @Override
    protected String repository() {
        return repository;
    }

    @Override
    protected boolean mayAsk() {
        return isStillAllowed(repository, rollback ? RepositoryPower.ROLL_BACK : RepositoryPower.PROMOTE, to);
    }

    @Override
    protected void prepare() {
        bodyRevision = null;
        ask(RequestType.TREE);
    }

    @Override
    protected void makeChange(@Nullable BodyChanges body) {
        bodyChanges = body;
        ask(RequestType.PROMOTION);
    }

    private void ask(RequestType next) {
        synchronized (this) {
            requestType = next;
        }
        ask();
    }

    /** Submits the request, unless one is unanswered; then it is submitted once more after the answer. */
    private void ask() {
        RequestType asked;
        synchronized (this) {
            asked = requestType;
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
        String named = revision;
        if (named != null && !revisionFound && !TargetRevision.isCommit(named)) {
            request(repository, new ReadState(), state -> onState(named, state), failure -> onResult(null, failure));
            return;
        }
        PromotionRequest promotion = promotionRequest();
        if (asked == RequestType.TREE) {
            request(
                    repository,
                    new PreparePromotion(promotion),
                    answer -> onPrepared(answer, null),
                    failure -> onPrepared(null, failure));
        } else if (dryRun) {
            request(
                    repository,
                    new PreviewPromotion(promotion),
                    answer -> onPreview(answer, null),
                    failure -> onPreview(null, failure));
        } else {
            request(
                    repository,
                    new Promote(promotion),
                    answer -> onResult(answer, null),
                    failure -> onResult(null, failure));
        }
    }

    private void onState(String named, RepositoryState state) {
        String sha;
        try {
            sha = TargetRevision.commitOf(named, List.of(source()), state);
        } catch (AbortException e) {
            fail(e);
            return;
        }
        if (!sha.equals(named)) {
            log("The release " + named + " of " + source() + " is the config commit " + sha + ".");
            revision = sha;
            saveForRestart();
        }
        synchronized (this) {
            revisionFound = true;
            asking = false;
        }
        ask();
    }

    private PromotionRequest promotionRequest() {
        return PromotionRequest.of(PromotionRequest.Kind.of(rollback, dryRun), sources(), to)
                .id(id)
                .set(set)
                .revision(promotedRevision())
                .require(require == null ? null : RolloutRequirement.parse(require))
                .subject(subject)
                .buildUrl(buildUrl)
                .requester(requester)
                .redeliver(redeliver)
                .body(bodyChanges)
                .build();
    }

    /** The set on which the body works is the one that is promoted, even if the wave runs another set by then. */
    @CheckForNull
    private String promotedRevision() {
        String body = bodyRevision;
        return body != null ? body : revision;
    }

    private void onPrepared(@Nullable PreparedPromotion prepared, @Nullable Throwable failure) {
        if (prepared == null) {
            onResult(null, failure);
            return;
        }
        PreparedPromotion.Ready ready = prepared instanceof PreparedPromotion.Ready tree ? tree : null;
        if (prepared instanceof PreparedPromotion.NotReady notReady && !dryRun) {
            onResult(notReady.result(), null);
            return;
        }
        synchronized (this) {
            asking = false;
            requestType = null;
            bodyRevision = ready == null ? null : ready.revision();
            release();
        }
        if (ready == null) {
            makeChange(null);
            return;
        }
        clearWaitReason();
        layOut(ready.tree());
    }

    private void onResult(@Nullable PromotionResult result, @Nullable Throwable failure) {
        boolean again;
        synchronized (this) {
            asking = false;
            again = askAgain;
        }
        if (result == null) {
            fail(failure == null ? new IllegalStateException("no answer") : failure);
            return;
        }
        ConditionReport conditions = result.conditions();
        if (result.submitted().isPresent()) {
            complete(result.submitted().get(), conditions);
        } else if (!wait) {
            record(EntryState.REFUSED, conditions, List.of());
            fail(new NotPromotable(
                    rollback
                            ? to + " was not rolled back: " + conditions.refusal()
                            : "What " + from + " runs was not promoted to " + to + ": " + conditions.refusal()
                                    + " With wait: true the step waits until it may be."));
        } else {
            waitFor(conditions);
            if (again) {
                ask();
            }
        }
    }

    /** Asks again when the rollout changes, when time alone may change a condition, and at each poll interval. */
    private void waitFor(ConditionReport refused) {
        leaveLine();
        String reason = refused.refusal();
        if (setWaitReason(reason, links())) {
            record(EntryState.WAITING, refused, List.of());
            logChanged(refused);
        }
        openSubscription(() -> {
            List<Subscription> each = sources().stream()
                    .map(wave -> DriverRegistry.get()
                            .followRollout(
                                    repository,
                                    WavePath.of(wave, set),
                                    Optional.ofNullable(promotedRevision()).filter(CommitSha::isFull),
                                    Optional.ofNullable(require),
                                    rollout -> ask()))
                    .toList();
            return () -> each.forEach(Subscription::close);
        });
        long delay = refused.nextLook()
                .map(look -> Math.min(Math.max(1, look.toEpochMilli() - now()), pollMillis))
                .orElse(pollMillis);
        schedule("poll", delay, this::ask);
    }

    /** Logs a line for each condition that is seen otherwise than before. */
    private synchronized void logChanged(ConditionReport conditions) {
        if (logged == null) {
            logged = new HashMap<>();
        }
        for (PromotionCondition condition : conditions.all()) {
            String seen = condition.met() ? "met now." : condition.seen();
            String before = logged.put(condition.name(), seen);
            if (!seen.equals(before) && (before != null || !condition.met())) {
                log("Promotion from " + from + " to " + to + ": " + condition.name() + ": " + seen, links());
            }
        }
    }

    /** The live page, which shows both waves. */
    private LogLinks links() {
        return new LogLinks().add("Promotion", SafeLinks.livePage(repository));
    }

    private void onPreview(@Nullable PromotionPreview preview, @Nullable Throwable failure) {
        if (preview == null) {
            fail(failure == null ? new IllegalStateException("no answer") : failure);
            return;
        }
        ConditionReport conditions = preview.conditions();
        record(EntryState.TRIED_OUT, conditions, preview.differences());
        if (isEnded() || !preview.diff().isEmpty() && !recordDryRun(id, destination(), preview.diff())) {
            return;
        }
        log("Nothing is pushed (dryRun). " + (conditions.hold() ? "It could be done now." : conditions.refusal()));
        preview.differences().forEach(difference -> logDetail(difference));
        var unchanged = new SubmittedChange(SubmittedChange.State.UNCHANGED, "", "");
        succeed(result(unchanged, conditions, preview.differences()));
    }

    private void complete(SubmittedChange change, ConditionReport conditions) {
        EntryState state =
                switch (change.state()) {
                    case COMMITTED, ATTACHED -> EntryState.PROMOTED;
                    case UNCHANGED -> EntryState.UNCHANGED;
                    case SUPERSEDED, SUPERSEDED_IN_QUEUE -> EntryState.SUPERSEDED;
                };
        record(state, conditions, List.of());
        recordOnBuild("the change " + change.id(), (delivery, now) -> {
            delivery.record(ChangeEntry.submitted(repository, destination(), change, now));
            recordImageChanges(delivery, change.id());
        });
        if (!isEnded()) {
            log(summary(change));
            StepResults.takenAlong(change).forEach(this::log);
            succeed(result(change, conditions, List.of()));
        }
    }

    private void record(EntryState state, ConditionReport conditions, List<String> differences) {
        recordOnBuild("the promotion to " + to, (delivery, now) -> {
            var entry = new PromotionEntry(repository, from, to, set, started);
            delivery.record(entry.withResult(state, conditions, differences, now));
        });
    }

    private String summary(SubmittedChange change) {
        return switch (change.state()) {
            case SUPERSEDED, SUPERSEDED_IN_QUEUE ->
                "Nothing to promote: a newer set is in " + from + ", or was promoted to " + to + ", already.";
            case UNCHANGED ->
                "Nothing to promote: main of " + repository + " has in " + to + " what " + from + " runs already.";
            case ATTACHED ->
                "Nothing to promote: change " + change.id() + " brings what " + from + " runs to " + to
                        + " already; this build shares its verdict.";
            case COMMITTED ->
                rollback
                        ? "Rolled " + to + " of " + repository + " back to " + revision + " as change " + change.id()
                                + ", " + change.sha()
                                + "; CI decides whether it is merged. The wave is held until releaseWave."
                        : "Promoted what " + from + " runs to " + to + " of " + repository + " as change " + change.id()
                                + ", " + change.sha() + "; CI decides whether it is merged.";
        };
    }

    private Map<String, Object> result(SubmittedChange change, ConditionReport conditions, List<String> differences) {
        Map<String, Object> returned = StepResults.change(change);
        returned.put("conditions", StepResults.conditions(conditions.all()));
        if (dryRun) {
            returned.put("differences", new ArrayList<>(differences));
        }
        return returned;
    }

    @Override
    public String getStatus() {
        return status(statusWithReason("promoting from " + from + " to " + to));
    }
}
