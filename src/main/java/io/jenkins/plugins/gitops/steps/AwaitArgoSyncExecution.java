package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.EntryState;
import io.jenkins.plugins.gitops.build.RolloutEntry;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.base.ResumableExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import io.jenkins.plugins.gitops.steps.base.TargetRevision;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Waits until a wave runs a config commit. Kept are the commit, the deadline, and since when which target is unwell;
 * how far the wave is, is asked anew after a restart. Nothing here touches git or Argo CD.
 */
final class AwaitArgoSyncExecution extends ResumableExecution {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = Logger.getLogger(AwaitArgoSyncExecution.class.getName());

    /** How many targets a change in the log names at once. */
    private static final int MAX_TOLD = 20;

    /** How long Argo CD may take to begin what it was asked for. */
    private static final Duration RETRY_GRACE = Duration.ofMinutes(1);

    private final transient AwaitArgoSyncStep step;
    private String repository;
    private String wave;
    private String timeout;
    private String degradedFor;
    private long started;
    private long deadline;
    private long patience;

    /** The set that is meant, or null for all of the wave. */
    @CheckForNull
    private String set;

    @CheckForNull
    private String revision;

    @CheckForNull
    private String require;

    private boolean sync;
    private int retryFailed;

    /** How often Argo CD was asked to try targets again whose synchronisation failed, by name. */
    private final ConcurrentHashMap<String, Integer> retries = new ConcurrentHashMap<>();

    /** The revisions for which Argo CD was asked to synchronise targets that do not by themselves, by name. */
    private final ConcurrentHashMap<String, String> synced = new ConcurrentHashMap<>();

    /** Until when a failure of targets that are tried again is taken for the one before, by name. */
    private final ConcurrentHashMap<String, Long> retrying = new ConcurrentHashMap<>();

    /** Since when targets are unwell, in milliseconds, by name. */
    private final ConcurrentHashMap<String, Long> unwellSince = new ConcurrentHashMap<>();

    @CheckForNull
    private transient Subscription following;

    @CheckForNull
    private transient ScheduledFuture<?> timer;

    @CheckForNull
    private transient ScheduledFuture<?> unwellTimer;

    @CheckForNull
    private transient volatile Rollout last;

    @CheckForNull
    private transient volatile String waitingFor;

    /** What the log says of the targets that wait, by name. */
    @CheckForNull
    private transient Map<String, String> told;

    @CheckForNull
    private transient String toldSentence;

    /** The names of the targets when they were seen last, or null. */
    @CheckForNull
    private transient volatile Set<String> targets;

    AwaitArgoSyncExecution(StepContext context, AwaitArgoSyncStep step) {
        super(context);
        this.step = step;
    }

    @Override
    public boolean start() throws Exception {
        Run<?, ?> run = need(Run.class);
        RepositoryDefinition configured = StepArguments.repository(step.getRepo(), run);
        repository = configured.toSettings().name();
        wave = StepArguments.wave(configured, StepArguments.required(step.getWave(), "awaitArgoSync", "wave"))
                .name();
        set = StepArguments.optionalSet(configured, step.getSet());
        timeout = step.getTimeout();
        degradedFor = step.getDegradedFor();
        require = StepArguments.requirement(step.getRequire());
        sync = step.isSync();
        retryFailed = step.getRetryFailed();
        if (retryFailed < 0) {
            throw new AbortException("retryFailed: " + retryFailed + " is less than never; give a number from 0 on.");
        }
        started = DriverRegistry.get().clock().millis();
        deadline = started + StepArguments.duration(timeout, "timeout:").toMillis();
        patience = StepArguments.duration(degradedFor, "degradedFor:").toMillis();
        TargetRevision meant = TargetRevision.of(
                "awaitArgoSync", step.getRevision(), DeliveryAction.of(run), repository, WavePath.of(wave, set), null);
        revision = meant.sha();
        if (meant.superseded()) {
            log("A newer set took the place of this build's; there is no rollout to wait for.");
            succeed(result(true, List.of()));
            return false;
        }
        subscribe();
        return false;
    }

    @Override
    public void subscribe() {
        DriverRegistry drivers = DriverRegistry.get();
        long left = Math.max(0, deadline - drivers.clock().millis());
        synchronized (this) {
            if (!isEnded()) {
                timer = drivers.timer()
                        .schedule(() -> drivers.pool().execute(this::timeIsUp), left, TimeUnit.MILLISECONDS);
            }
        }
        if (revision == null) {
            follow();
            return;
        }
        drivers.submit(repository, new DriverRequest.IsOnMain(revision)).whenComplete((onMain, failure) -> {
            if (failure != null) {
                fail(failure);
            } else if (onMain) {
                follow();
            } else {
                fail(new AbortException("Main of \"" + repository + "\" has no commit " + revision
                        + ", so no target can come to run it; name one that is on main with revision:."));
            }
        });
    }

    private synchronized void follow() {
        if (!isEnded()) {
            following = DriverRegistry.get().followRollout(repository, WavePath.of(wave, set), revision, require, this::onRollout);
        }
    }

    @Override
    public synchronized void unsubscribe() {
        if (timer != null) {
            timer.cancel(false);
        }
        if (unwellTimer != null) {
            unwellTimer.cancel(false);
        }
        if (following != null) {
            following.close();
        }
    }

    private void onRollout(Rollout rollout) {
        if (isEnded()) {
            return;
        }
        last = rollout;
        if (rollout.trouble().isEmpty()) {
            tellThoseGone(rollout);
        }
        if (rollout.superseded()) {
            recordOnBuild(rollout, EntryState.SUPERSEDED);
            log("Wave " + wave + ": a newer set has arrived.");
            succeed(result(true, rollout.targets()));
        } else if (rollout.deployed().isPresent()) {
            recordOnBuild(rollout, EntryState.DEPLOYED);
            log("Wave " + wave + " runs " + (revision == null ? rollout.deployed().get() : revision)
                    + (rollout.targets().isEmpty() ? "." : " on " + on(rollout) + " targets."));
            succeed(result(false, rollout.targets()));
        } else {
            recordOnBuild(rollout, EntryState.WAITING);
            rollout.targets().stream()
                    .filter(target -> target.state() != State.FAILED)
                    .forEach(target -> begun(target.name()));
            failIfLost(rollout);
        }
    }

    /** Where targets are selected, one that is gone would leave no trace otherwise. */
    private void tellThoseGone(Rollout rollout) {
        Set<String> now = rollout.targets().stream().map(TargetState::name).collect(Collectors.toSet());
        Set<String> before = targets;
        targets = now;
        if (before != null) {
            before.stream()
                    .filter(name -> !now.contains(name))
                    .sorted()
                    .forEach(name -> log("Wave " + wave + ": " + name
                            + " is no target any more; Argo CD has it no longer, or the wave does not select it."));
        }
    }

    private static String on(Rollout rollout) {
        int waiting = rollout.waiting().size();
        int all = rollout.targets().size();
        return waiting == 0 ? "all of its " + all : all - waiting + " of " + all;
    }

    private void failIfLost(Rollout rollout) {
        askToSync(rollout);
        List<TargetState> failed = rollout.targets().stream()
                .filter(target -> target.state() == State.FAILED && !isTriedAgain(target))
                .toList();
        if (!failed.isEmpty() && !rollout.isPossibleWithout(failed)) {
            fail(rollout, failed, "could not be synchronised");
            return;
        }
        long now = DriverRegistry.get().clock().millis();
        unwellSince
                .keySet()
                .removeIf(name -> rollout.targets().stream()
                        .noneMatch(target ->
                                target.name().equals(name) && target.state().isUnwell()));
        rollout.targets().stream()
                .filter(target -> target.state().isUnwell())
                .forEach(target -> unwellSince.putIfAbsent(target.name(), now));
        List<TargetState> lost = rollout.targets().stream()
                .filter(target -> unwellSince.getOrDefault(target.name(), now + 1) <= now - patience)
                .toList();
        if (!lost.isEmpty() && !rollout.isPossibleWithout(lost)) {
            fail(rollout, lost, "stayed unwell for " + degradedFor);
            return;
        }
        lookAgainWhenPatienceEnds(now);
        tell(rollout);
    }

    /** Has Argo CD synchronise those that are out of sync and do not by themselves, once for each revision. */
    private void askToSync(Rollout rollout) {
        if (!sync) {
            return;
        }
        for (TargetState target : rollout.targets()) {
            String at = target.revision().orElse(null);
            if (target.state() == State.OUT_OF_SYNC && at != null && !at.equals(synced.put(target.name(), at))) {
                getContext().saveState();
                log("Wave " + wave + ": asking Argo CD to synchronise " + target.name());
                DriverRegistry.get().sync(repository, wave, target.name()).whenComplete((asked, failure) -> {
                    if (failure != null) {
                        log("  " + target.name() + ": " + sentence(failure));
                    }
                });
            }
        }
    }

    /** Whether Argo CD is asked to synchronise a target once more, or has been and has not begun. */
    private synchronized boolean isTriedAgain(TargetState target) {
        long now = DriverRegistry.get().clock().millis();
        if (retrying.getOrDefault(target.name(), 0L) > now) {
            return true;
        }
        int tried = retries.getOrDefault(target.name(), 0);
        if (tried >= retryFailed) {
            return false;
        }
        retries.put(target.name(), tried + 1);
        retrying.put(target.name(), now + RETRY_GRACE.toMillis());
        getContext().saveState();
        log("Wave " + wave + ": " + target.name() + " failed: " + target.reason() + " Asking Argo CD to try again ("
                + (tried + 1) + " of " + retryFailed + ").");
        DriverRegistry drivers = DriverRegistry.get();
        drivers.sync(repository, wave, target.name()).whenComplete((asked, failure) -> {
            if (failure != null) {
                log("  " + target.name() + ": " + sentence(failure));
                begun(target.name());
                lookAgain();
            }
        });
        drivers.timer()
                .schedule(() -> drivers.pool().execute(this::lookAgain), RETRY_GRACE.toMillis(), TimeUnit.MILLISECONDS);
        return true;
    }

    private synchronized void begun(String target) {
        retrying.remove(target);
    }

    private static String sentence(Throwable failure) {
        return Futures.cause(failure).getMessage();
    }

    /** Says in the log what is new about the targets that are waited for. */
    private synchronized void tell(Rollout rollout) {
        waitingFor = rollout.reason();
        Map<String, String> now = new LinkedHashMap<>();
        rollout.waiting().forEach(target -> now.put(target.name(), target.reason()));
        String sentence = "Wave " + wave + ": " + rollout.summary();
        Map<String, String> before = told;
        if (before != null && sentence.equals(toldSentence) && before.equals(now)) {
            return;
        }
        if (!sentence.equals(toldSentence)) {
            log(sentence);
        }
        List<String> fresh = now.keySet().stream()
                .filter(name -> before == null || !now.get(name).equals(before.get(name)))
                .toList();
        fresh.stream().limit(MAX_TOLD).forEach(name -> log("  " + name + ": " + now.get(name)));
        if (fresh.size() > MAX_TOLD) {
            log("  and " + (fresh.size() - MAX_TOLD) + " more");
        }
        told = now;
        toldSentence = sentence;
    }

    private synchronized void lookAgainWhenPatienceEnds(long now) {
        if (unwellTimer != null) {
            unwellTimer.cancel(false);
            unwellTimer = null;
        }
        long since =
                unwellSince.values().stream().mapToLong(Long::longValue).min().orElse(-1);
        if (since >= 0 && !isEnded()) {
            DriverRegistry drivers = DriverRegistry.get();
            unwellTimer = drivers.timer()
                    .schedule(
                            () -> drivers.pool().execute(this::lookAgain),
                            Math.max(0, since + patience - now),
                            TimeUnit.MILLISECONDS);
        }
    }

    private void lookAgain() {
        Rollout rollout = last;
        if (rollout != null) {
            onRollout(rollout);
        }
    }

    private void fail(Rollout rollout, List<TargetState> failed, String how) {
        recordOnBuild(rollout, EntryState.FAILED);
        fail(new FlowInterruptedException(Result.FAILURE, false, new RolloutFailedCause(wave, failed, how)));
    }

    private void recordOnBuild(Rollout rollout, EntryState state) {
        try {
            long now = DriverRegistry.get().clock().millis();
            DeliveryAction.of(need(Run.class))
                    .updateRollout(new RolloutEntry(repository, WavePath.of(wave), state, rollout, started, now));
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, "Could not keep the rollout of " + wave, e);
        }
    }

    private Map<String, Object> result(boolean superseded, List<TargetState> targets) {
        List<Map<String, Object>> listed = new ArrayList<>();
        for (TargetState target : targets) {
            Map<String, Object> each = new HashMap<>();
            each.put("name", target.name());
            each.put("server", target.server());
            each.put("state", target.state().toString());
            each.put("sync", target.sync().orElse(""));
            each.put("health", target.health().orElse(""));
            each.put("revision", target.revision().orElse(null));
            each.put("reason", target.reason());
            listed.add(each);
        }
        Map<String, Object> result = new HashMap<>();
        result.put("wave", wave);
        result.put("revision", revision);
        result.put("superseded", superseded);
        result.put("targets", listed);
        result.put(
                "waited",
                Duration.ofMillis(DriverRegistry.get().clock().millis() - started).toSeconds());
        return result;
    }

    private void timeIsUp() {
        Rollout rollout = last;
        if (rollout != null) {
            recordOnBuild(rollout, EntryState.FAILED);
        }
        fail(new AbortException("The wave " + wave + " of \"" + repository + "\" did not come to run "
                + (revision == null ? "one set on all targets" : revision) + " within " + timeout + ". "
                + (waitingFor == null ? "Nothing was heard of it." : waitingFor)));
    }

    @Override
    public String getStatus() {
        String reason = waitingFor;
        return "waiting for the rollout to " + wave + (reason == null ? "" : ": " + reason);
    }
}
