package io.jenkins.plugins.gitops.steps;

import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.EntryState;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.ConfigConflict;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.base.ResumableExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Waits for the end of a change that a driver decides. Only the change's id and the deadline are kept; what is known
 * of the change is asked anew after a restart. Nothing here touches git, but for the eviction that a user asked for.
 */
final class WaitForCiAndMergeExecution extends ResumableExecution {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = Logger.getLogger(WaitForCiAndMergeExecution.class.getName());

    private final transient WaitForCiAndMergeStep step;
    private String repository;
    private String change;
    private String timeout;
    private long started;
    private long deadline;
    private boolean evictOnAbort;

    @CheckForNull
    private transient Subscription following;

    @CheckForNull
    private transient ScheduledFuture<?> timer;

    @CheckForNull
    private transient volatile String waitingFor;

    WaitForCiAndMergeExecution(StepContext context, WaitForCiAndMergeStep step) {
        super(context);
        this.step = step;
    }

    @Override
    public boolean start() throws Exception {
        Run<?, ?> run = need(Run.class);
        RepositoryDefinition configured = StepArguments.repository(step.getRepo(), run);
        repository = configured.toSettings().name();
        StepArguments.optionalSet(configured, step.getSet());
        DeliveryAction delivery = DeliveryAction.of(run);
        String commit = step.getCommit();
        Optional<ChangeEntry> known = commit == null ? delivery.lastChange(repository) : delivery.change(commit);
        if (commit == null) {
            commit = known.map(ChangeEntry::getId)
                    .orElseThrow(() -> new AbortException("This build has committed nothing to \"" + repository
                            + "\" that could be waited for; call commitConfig before, or name a change with commit:."));
        }
        change = commit;
        timeout = step.getTimeout();
        started = DriverRegistry.get().clock().millis();
        deadline = started + StepArguments.duration(timeout, "timeout:").toMillis();
        evictOnAbort = step.isEvictOnAbort();
        if (known.isPresent() && isOverAlready(known.get().state())) {
            succeed(result(known.get().getState(), known.get().getSha(), List.of()));
            return false;
        }
        subscribe();
        return false;
    }

    private static boolean isOverAlready(EntryState state) {
        return state == EntryState.UNCHANGED || state == EntryState.SUPERSEDED;
    }

    @Override
    public void subscribe() {
        DriverRegistry drivers = DriverRegistry.get();
        long left = Math.max(0, deadline - drivers.clock().millis());
        synchronized (this) {
            if (!isEnded()) {
                timer = drivers.timer()
                        .schedule(() -> drivers.pool().execute(this::timeIsUp), left, TimeUnit.MILLISECONDS);
                following = drivers.followChange(repository, change, this::onStatus);
            }
        }
    }

    @Override
    public synchronized void unsubscribe() {
        if (timer != null) {
            timer.cancel(false);
        }
        if (following != null) {
            following.close();
        }
    }

    private void onStatus(ChangeStatus status) {
        if (isEnded()) {
            return;
        }
        if (status.ended() || !status.sha().isEmpty()) {
            recordOnBuild(status);
        }
        Outcome outcome = status.outcome();
        if (outcome == null) {
            waitsFor(status.reason());
        } else {
            complete(status, outcome);
        }
    }

    private void recordOnBuild(ChangeStatus status) {
        try {
            DeliveryAction delivery = DeliveryAction.of(need(Run.class));
            Optional<String> before = delivery.change(status.id()).map(ChangeEntry::getSha);
            delivery.updateChange(repository, status, DriverRegistry.get().clock().millis());
            if (!before.equals(delivery.change(status.id()).map(ChangeEntry::getSha))) {
                keepImages(delivery, status.id());
            }
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, "Could not keep the state of " + change, e);
        }
    }

    private void waitsFor(String reason) {
        if (!reason.equals(waitingFor)) {
            waitingFor = reason;
            log("Change " + change + ": " + reason);
        }
    }

    private void complete(ChangeStatus status, Outcome outcome) {
        String sentence = "Change " + change + " was " + outcome + ": " + status.reason();
        if (outcome.isSuccess()) {
            log(sentence);
            String sha = status.mainSha() == null ? status.sha() : status.mainSha();
            succeed(result(outcome.toString(), sha, status.checks()));
        } else if (outcome == Outcome.LOST || "conflict".equals(status.cause())) {
            fail(new ConfigConflict(sentence));
        } else if ("red".equals(status.cause())) {
            fail(new FlowInterruptedException(
                    Result.FAILURE, false, new ChecksFailedCause(change, repository, status)));
        } else {
            fail(new AbortException(sentence));
        }
    }

    private Map<String, Object> result(String outcome, @CheckForNull String sha, List<CheckStatus> checks) {
        List<Map<String, Object>> listed = new ArrayList<>();
        for (CheckStatus check : checks) {
            Map<String, Object> each = new HashMap<>();
            each.put("context", check.context());
            each.put("state", check.state().toString());
            each.put("url", check.url());
            listed.add(each);
        }
        Map<String, Object> result = new HashMap<>();
        result.put("outcome", outcome);
        result.put("sha", sha);
        result.put("checks", listed);
        result.put("waited", (DriverRegistry.get().clock().millis() - started) / 1000);
        return result;
    }

    private void timeIsUp() {
        String reason = waitingFor;
        fail(new AbortException("Change " + change + " was not merged within " + timeout
                + (reason == null ? "." : ": " + reason)
                + " It stays queued in " + repository + " and is still merged or evicted by what CI says."));
    }

    @Override
    public void stop(Throwable cause) throws Exception {
        boolean evict = evictOnAbort && !isEnded();
        super.stop(cause);
        if (evict) {
            evictUnlessOthersWait();
        }
    }

    private void evictUnlessOthersWait() {
        AtomicBoolean others = new AtomicBoolean();
        ListenableFuture<?> asked = StepExecution.acceptAll(WaitForCiAndMergeExecution.class, execution -> {
            if (execution != this && execution.waitsFor(repository, change)) {
                others.set(true);
            }
        });
        DriverRegistry drivers = DriverRegistry.get();
        asked.addListener(
                () -> {
                    if (others.get()) {
                        LOGGER.log(Level.FINE, "Another build waits for {0}, so it is not evicted", change);
                        return;
                    }
                    var eviction = new DriverRequest.EvictChange(change, "the build that waited for it was aborted");
                    drivers.submit(repository, eviction)
                            .whenComplete((queued, failure) -> {
                                if (failure != null) {
                                    LOGGER.log(Level.WARNING, "Could not evict " + change, failure);
                                }
                            });
                },
                drivers.pool());
    }

    private boolean waitsFor(String otherRepository, String otherChange) {
        return !isEnded() && otherRepository.equals(repository) && otherChange.equals(change);
    }

    @Override
    public String getStatus() {
        String reason = waitingFor;
        return "waiting for change " + change + (reason == null ? "" : ": " + reason);
    }
}
