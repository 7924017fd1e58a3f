package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.EntryState;
import io.jenkins.plugins.gitops.build.RolloutEntry;
import io.jenkins.plugins.gitops.build.SafeLinks;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.base.DeadlineExecution;
import io.jenkins.plugins.gitops.steps.base.LogLinks;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import io.jenkins.plugins.gitops.steps.base.TargetRevision;
import io.jenkins.plugins.gitops.steps.failures.RolloutFailed;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Waits until the targets of a wave run a config commit. The rollout is judged by the driver's view of Argo CD, which
 * this step observes; with {@code sync} and {@code retryFailed} the step asks Argo CD to synchronise targets. Saved are
 * the commit, the deadline, what Argo CD was asked for, and since when targets are unhealthy.
 */
final class AwaitArgoSyncExecution extends DeadlineExecution {

    private static final long serialVersionUID = 1L;

    /** The time after a retry was requested in which a failure counts as the earlier one. */
    private static final Duration RETRY_GRACE = Duration.ofMinutes(1);

    /** The time after which a synchronisation that was refused, such as in a sync window, is asked for again. */
    private static final Duration SYNC_RETRY = Duration.ofMinutes(1);

    private final transient AwaitArgoSyncStep step;
    private String repository;
    private String wave;

    /** The longest time that a target may be unhealthy, as the user wrote it. */
    private String degradedFor;

    /** The same in milliseconds. */
    private long degradedMillis;

    /** The image set, or null for the whole wave. */
    @CheckForNull
    private String set;

    /** The config commit, or until it is found what names it; null for any one set on all targets. */
    @CheckForNull
    private volatile String revision;

    @CheckForNull
    private String require;

    private boolean sync;
    private int retryFailed;

    /** The number of times that Argo CD was asked to retry a failed synchronisation, by target. */
    private final ConcurrentHashMap<String, Integer> retries = new ConcurrentHashMap<>();

    /** The time until which a failure counts as the one that is retried, in milliseconds, by target. */
    private final ConcurrentHashMap<String, Long> retryingUntil = new ConcurrentHashMap<>();

    /** The revision to which Argo CD was asked to synchronise a target that does not by itself, by target. */
    private final ConcurrentHashMap<String, String> syncedRevisions = new ConcurrentHashMap<>();

    /** Since when a target is unhealthy, in milliseconds, by target. */
    private final ConcurrentHashMap<String, Long> unhealthySince = new ConcurrentHashMap<>();

    /** The last refusals of synchronisations that were asked for, by target. */
    @CheckForNull
    private transient Map<String, Refusal> refusals;

    @CheckForNull
    private transient volatile Rollout last;

    @CheckForNull
    private transient RolloutLog rolloutLog;

    /**
     * A synchronisation that was refused.
     *
     * @param why the sentence, which is told once
     * @param until when it is asked for again, in milliseconds
     */
    private record Refusal(String why, long until) {}

    AwaitArgoSyncExecution(StepContext context, AwaitArgoSyncStep step) {
        super(context);
        this.step = step;
    }

    @Override
    public boolean start() throws Exception {
        Run<?, ?> run = need(Run.class);
        RepositoryDefinition configured = StepArguments.repository(step.getRepo(), run);
        repository = configured.toSettings().name();
        wave = StepArguments.wave(configured, StepArguments.required(step.getWave(), step.functionName(), "wave"))
                .name();
        set = StepArguments.optionalSet(configured, step.getSet()).orElse(null);
        degradedFor = step.getDegradedFor();
        require = StepArguments.requirement(step.getRequire()).orElse(null);
        sync = step.isSync();
        retryFailed = step.getRetryFailed();
        if (retryFailed < 0) {
            throw new AbortException("retryFailed: " + retryFailed + " is less than never; give a number from 0 on.");
        }
        if (sync || retryFailed > 0) {
            StepArguments.require(configured, run, RepositoryPower.SYNC, wave);
        }
        startDeadline(step.getTimeout());
        degradedMillis = StepArguments.duration(degradedFor, "degradedFor:").toMillis();
        TargetRevision target = TargetRevision.of(
                step.functionName(), step.getRevision(), DeliveryAction.of(run), repository, path(), null);
        revision = target.sha().orElse(null);
        target.remark().ifPresent(this::log);
        if (target.superseded()) {
            log("A newer set took the place of this build's; there is no rollout to wait for.");
            succeed(result(true, List.of()));
            return false;
        }
        subscribe();
        return false;
    }

    private WavePath path() {
        return WavePath.of(wave, set);
    }

    @Override
    protected void observe() {
        if (!isStillAllowed(repository, RepositoryPower.WAIT)) {
            return;
        }
        String named = revision;
        if (named == null) {
            observeRollout();
        } else if (TargetRevision.isCommit(named)) {
            observeIfOnMain(named);
        } else {
            request(repository, new DriverRequest.ReadState(), state -> observe(named, state));
        }
    }

    private void observe(String named, RepositoryState state) {
        String sha;
        try {
            sha = TargetRevision.commitOf(named, List.of(path()), state);
        } catch (AbortException e) {
            fail(e);
            return;
        }
        if (!sha.equals(named)) {
            log("The release " + named + " of " + path() + " is the config commit " + sha + ".");
            revision = sha;
            saveForRestart();
        }
        observeIfOnMain(sha);
    }

    private void observeIfOnMain(String sha) {
        request(repository, new DriverRequest.IsOnMain(sha), onMain -> {
            if (onMain) {
                observeRollout();
            } else {
                fail(new AbortException("Main of \"" + repository + "\" has no commit " + sha
                        + ", so no target can come to run it; name one that is on main with revision:."));
            }
        });
    }

    private void observeRollout() {
        openSubscription(() -> DriverRegistry.get()
                .followRollout(
                        repository,
                        path(),
                        Optional.ofNullable(revision),
                        Optional.ofNullable(require),
                        this::onRollout));
    }

    private void onRollout(Rollout rollout) {
        if (isEnded() || !isStillAllowed(repository, RepositoryPower.WAIT)) {
            return;
        }
        last = rollout;
        if (rollout.trouble().isEmpty()) {
            rolloutLog().goneTargets(rollout).forEach(this::log);
        }
        if (rollout.superseded()) {
            record(rollout, EntryState.SUPERSEDED);
            log("Wave " + wave + ": a newer set has arrived.");
            succeed(result(true, rollout.targets()));
        } else if (rollout.deployed().isPresent()) {
            record(rollout, EntryState.DEPLOYED);
            String sha = revision == null ? rollout.deployed().get() : revision;
            log(
                    rollout.targets().isEmpty()
                            ? "Main has " + sha + ". What the wave " + wave
                                    + " runs is not known: no target is configured for it, so nobody was asked."
                            : "Wave " + wave + " runs " + sha + " on " + deployedShare(rollout) + " targets.");
            succeed(result(false, rollout.targets()));
        } else {
            record(rollout, EntryState.WAITING);
            rollout.targets().stream()
                    .filter(target -> target.state() != State.FAILED)
                    .forEach(target -> retryingUntil.remove(target.key()));
            requestSync(rollout);
            if (!isEnded()) {
                failOrWait(rollout);
            }
        }
    }

    private synchronized RolloutLog rolloutLog() {
        if (rolloutLog == null) {
            rolloutLog = new RolloutLog(wave);
        }
        return rolloutLog;
    }

    private static String deployedShare(Rollout rollout) {
        int waiting = rollout.waiting().size();
        int all = rollout.targets().size();
        return waiting == 0 ? "all of its " + all : all - waiting + " of " + all;
    }

    /** Fails the step if the rollout is impossible without targets that failed or stayed unhealthy. */
    private void failOrWait(Rollout rollout) {
        List<TargetState> failed = rollout.targets().stream()
                .filter(target -> target.state() == State.FAILED && !isRetried(target))
                .toList();
        if (!failed.isEmpty() && !rollout.isPossibleWithout(failed)) {
            fail(rollout, failed, "could not be synchronised");
            return;
        }
        long now = now();
        List<String> unhealthy = rollout.targets().stream()
                .filter(target -> target.state().isUnwell())
                .map(TargetState::key)
                .toList();
        unhealthySince.keySet().retainAll(unhealthy);
        // A time that is to come is from before the clock was put back.
        unhealthy.forEach(key -> unhealthySince.merge(key, now, Math::min));
        List<TargetState> lost = rollout.targets().stream()
                .filter(target -> unhealthySince.containsKey(target.key())
                        && unwellMillisLeft(unhealthySince.get(target.key()), now) <= 0)
                .toList();
        if (!lost.isEmpty() && !rollout.isPossibleWithout(lost)) {
            fail(rollout, lost, "stayed unwell for " + degradedFor);
            return;
        }
        checkAgainWhenUnhealthyForTooLong(now);
        LogLinks links = links(rollout);
        setWaitReason(rollout.reason(), links);
        logWaitingTargets(rollout, links);
    }

    /** The live page, and the applications in Argo CD that are waited for. */
    private LogLinks links(Rollout rollout) {
        LogLinks links = new LogLinks().add(wave, SafeLinks.livePage(repository));
        rollout.waiting().stream()
                .limit(RolloutLog.MAX_TARGETS)
                .forEach(target -> links.add(target.name(), SafeLinks.application(target.server(), target.name())));
        return links;
    }

    private synchronized void logWaitingTargets(Rollout rollout, LogLinks links) {
        rolloutLog().waitingTargets(rollout).forEach(line -> log(line, links));
    }

    private void checkAgainWhenUnhealthyForTooLong(long now) {
        unhealthySince.values().stream()
                .min(Long::compare)
                .ifPresentOrElse(
                        since -> schedule("unhealthy", unwellMillisLeft(since, now), this::checkAgain),
                        () -> cancel("unhealthy"));
    }

    /** The time that a target may still be unhealthy. The time in which Jenkins was down does not count. */
    private long unwellMillisLeft(long since, long now) {
        return since + degradedMillis + downSince(since) - now;
    }

    private void checkAgain() {
        Rollout rollout = last;
        if (rollout != null) {
            onRollout(rollout);
        }
    }

    /**
     * Asks Argo CD to synchronise targets that stay out of sync, once for each revision, and Flux
     * to reconcile those that are late, once. What is refused is asked for again.
     */
    private void requestSync(Rollout rollout) {
        if (!sync) {
            return;
        }
        String deployer = deployer();
        for (TargetState target : rollout.targets()) {
            String at = target.revision().orElse(null);
            Refusal refusal = refusals().get(target.key());
            if (refusal != null && refusal.until() > now()) {
                continue;
            }
            if (target.state() == (deployer.equals(Wave.FLUX) ? State.LATE : State.OUT_OF_SYNC)
                    && at != null
                    && !at.equals(syncedRevisions.put(target.key(), at))) {
                saveForRestart();
                if (refusal == null) {
                    log("Wave " + wave + ": asking " + deployer + " to synchronise " + target.name());
                }
                sync(target, () -> refusals().remove(target.key()), why -> askAgain(target, why));
            }
        }
    }

    /** Asks for a refused synchronisation again after a while: what refuses it may pass, as a sync window does. */
    private void askAgain(TargetState target, String why) {
        Refusal before = refusals().put(target.key(), new Refusal(why, now() + SYNC_RETRY.toMillis()));
        if (before == null || !before.why().equals(why)) {
            logDetail(target.name() + ": " + why + " It is asked for again in a minute.");
        }
        syncedRevisions.remove(target.key());
        saveForRestart();
        schedule("synchronisation of " + target.key(), SYNC_RETRY.toMillis(), this::checkAgain);
    }

    private synchronized Map<String, Refusal> refusals() {
        if (refusals == null) {
            refusals = new ConcurrentHashMap<>();
        }
        return refusals;
    }

    private String deployer() {
        return GitOpsWavesConfiguration.get()
                .repository(repository)
                .toSettings()
                .wave(wave)
                .deployer();
    }

    /** Whether Argo CD is asked now to retry the synchronisation of a target, or was and has not begun. */
    private synchronized boolean isRetried(TargetState target) {
        long now = now();
        if (retryingUntil.getOrDefault(target.key(), 0L) > now) {
            return true;
        }
        int tried = retries.getOrDefault(target.key(), 0);
        if (tried >= retryFailed) {
            return false;
        }
        retries.put(target.key(), tried + 1);
        retryingUntil.put(target.key(), now + RETRY_GRACE.toMillis());
        saveForRestart();
        log("Wave " + wave + ": " + target.name() + " failed: " + target.reason() + " Asking " + deployer()
                + " to try again (" + (tried + 1) + " of " + retryFailed + ").");
        sync(target, () -> {}, why -> {
            logDetail(target.name() + ": " + why);
            retryingUntil.remove(target.key());
            checkAgain();
        });
        schedule("retry of " + target.key(), RETRY_GRACE.toMillis(), this::checkAgain);
        return true;
    }

    private void sync(TargetState target, Runnable onSuccess, Consumer<String> onFailure) {
        if (!isStillAllowed(repository, RepositoryPower.SYNC, wave)) {
            return;
        }
        DriverRegistry.get().sync(repository, wave, target.id()).whenComplete((accepted, failure) -> {
            if (failure == null) {
                onSuccess.run();
            } else {
                onFailure.accept(Futures.cause(failure).getMessage());
            }
        });
    }

    private void fail(Rollout rollout, List<TargetState> failed, String how) {
        record(rollout, EntryState.FAILED);
        fail(new RolloutFailed(wave, failed, how));
    }

    private void record(Rollout rollout, EntryState state) {
        recordOnBuild(
                "the rollout of " + path(),
                (delivery, now) ->
                        delivery.updateRollout(new RolloutEntry(repository, path(), state, rollout, started(), now)));
    }

    private Map<String, Object> result(boolean superseded, List<TargetState> targets) {
        Map<String, Object> result = new HashMap<>();
        result.put("wave", wave);
        result.put("revision", revision);
        result.put("superseded", superseded);
        result.put("targets", StepResults.targets(targets));
        result.put("waited", secondsWaited());
        return result;
    }

    @Override
    protected void onTimeout() {
        Rollout rollout = last;
        if (rollout != null) {
            record(rollout, EntryState.FAILED);
        }
        String reason = waitReason();
        fail(new AbortException("The wave " + wave + " of \"" + repository + "\" did not come to run "
                + (revision == null ? "one set on all targets" : revision) + " within " + timeout() + ". "
                + (reason == null ? "Nothing was heard of it." : reason)));
    }

    @Override
    public String getStatus() {
        return statusWithReason("waiting for the rollout to " + wave);
    }
}
