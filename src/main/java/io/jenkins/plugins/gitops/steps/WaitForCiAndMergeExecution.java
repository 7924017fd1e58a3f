package io.jenkins.plugins.gitops.steps;

import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.EntryState;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.ConfigConflict;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.JobAuthorization;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.steps.base.DeadlineExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Waits until the driver has merged or evicted a change. Saved are the id of the change and the deadline; the state of
 * the change is observed again after a restart. With {@code evictOnAbort} an abort evicts the change, unless another
 * build waits for it.
 */
final class WaitForCiAndMergeExecution extends DeadlineExecution {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = Logger.getLogger(WaitForCiAndMergeExecution.class.getName());

    private final transient WaitForCiAndMergeStep step;
    private String repository;
    private String change;
    private boolean evictOnAbort;

    WaitForCiAndMergeExecution(StepContext context, WaitForCiAndMergeStep step) {
        super(context);
        this.step = step;
    }

    @Override
    public boolean start() throws Exception {
        Run<?, ?> run = need(Run.class);
        RepositoryDefinition configured = StepArguments.repository(step.getRepo(), run);
        repository = configured.toSettings().name();
        Optional<String> set = StepArguments.optionalSet(configured, step.getSet());
        DeliveryAction delivery = DeliveryAction.of(run);
        String commit = step.getCommit();
        List<ChangeEntry> own = delivery.changes(repository, set).toList();
        Optional<ChangeEntry> known =
                commit == null ? own.stream().reduce((earlier, later) -> later) : delivery.change(commit);
        if (commit == null) {
            commit = known.map(ChangeEntry::getId)
                    .orElseThrow(() -> new AbortException("This build has committed nothing to "
                            + set.map(name -> "the set \"" + name + "\" of ").orElse("") + "\"" + repository
                            + "\" that could be waited for; call commitConfig before, or name a change with commit:."));
            if (own.size() > 1) {
                log("This build made " + own.size() + " changes; this waits for the last of them, " + commit + " in "
                        + known.get().wavePath() + ". Name another with commit:.");
            }
        }
        if (known.isPresent()
                && set.isPresent()
                && !known.get().wavePath().set().equals(set)) {
            throw new AbortException(
                    "Change " + commit + " is in " + known.get().wavePath() + ", not in the set \"" + set.get()
                            + "\"; leave set: out, or name a change of that set.");
        }
        change = commit;
        startDeadline(step.getTimeout());
        evictOnAbort = step.isEvictOnAbort();
        if (evictOnAbort && known.isPresent()) {
            StepArguments.require(
                    configured, run, RepositoryPower.EVICT, known.get().getWave());
        }
        if (known.isPresent() && needsNoVerdict(known.get().state())) {
            succeed(result(known.get().getState(), known.get().getSha(), List.of()));
            return false;
        }
        subscribe();
        return false;
    }

    private static boolean needsNoVerdict(EntryState state) {
        return state == EntryState.UNCHANGED || state == EntryState.SUPERSEDED;
    }

    @Override
    protected void observe() {
        if (!isStillAllowed(repository, RepositoryPower.WAIT)) {
            return;
        }
        openSubscription(() -> DriverRegistry.get().followChange(repository, change, this::onStatus));
    }

    private void onStatus(ChangeStatus status) {
        if (isEnded() || !isStillAllowed(repository, RepositoryPower.WAIT)) {
            return;
        }
        if (status.ended() || !status.sha().isEmpty()) {
            record(status);
        }
        if (status.end().isPresent()) {
            complete(status, status.end().get());
        } else if (setWaitReason(status.reason())) {
            log("Change " + change + ": " + status.reason());
        }
    }

    private void record(ChangeStatus status) {
        recordOnBuild("the state of " + change, (delivery, now) -> {
            Optional<String> before = delivery.change(status.id()).map(ChangeEntry::getSha);
            delivery.updateChange(repository, status, now);
            if (!before.equals(delivery.change(status.id()).map(ChangeEntry::getSha))) {
                recordImageChanges(delivery, status.id());
            }
        });
    }

    private void complete(ChangeStatus status, ChangeStatus.End end) {
        Outcome outcome = end.outcome();
        String cause = end.cause().orElse("");
        String sentence = "Change " + change + " was " + outcome + ": " + status.reason();
        if (outcome.isSuccess()) {
            log(sentence);
            String sha = end.mainSha().orElse(status.sha());
            succeed(result(outcome.toString(), sha, status.checks()));
        } else if (outcome == Outcome.LOST || cause.equals(DecidedChange.CONFLICT)) {
            fail(new ConfigConflict(sentence));
        } else if (cause.equals(DecidedChange.RED)) {
            fail(new FlowInterruptedException(
                    Result.FAILURE, false, new ChecksFailedCause(change, repository, status)));
        } else {
            fail(new AbortException(sentence));
        }
    }

    private Map<String, Object> result(String outcome, @CheckForNull String sha, List<CheckStatus> checks) {
        Map<String, Object> result = new HashMap<>();
        result.put("outcome", outcome);
        result.put("sha", sha);
        result.put("checks", StepResults.checks(checks));
        result.put("waited", secondsWaited());
        return result;
    }

    @Override
    protected void onTimeout() {
        String reason = waitReason();
        fail(new AbortException("Change " + change + " was not merged within " + timeout()
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
            if (execution != this && execution.isWaitingFor(repository, change)) {
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
                    drivers.submit(repository, eviction()).whenComplete((queued, failure) -> {
                        if (failure != null) {
                            LOGGER.log(Level.WARNING, "Could not evict " + change, failure);
                            log("Change " + change + " is not evicted: " + failure.getMessage());
                        }
                    });
                },
                drivers.executors().callbacks());
    }

    /** The eviction, from those waves only in which the job may evict by now. */
    private DriverRequest.EvictChange eviction() {
        Set<String> waves = Set.of();
        try {
            Job<?, ?> job = need(Run.class).getParent();
            waves = GitOpsWavesConfiguration.get()
                    .findRepository(repository)
                    .map(configured -> JobAuthorization.of(configured, job).waves(RepositoryPower.EVICT))
                    .orElse(waves);
        } catch (IOException | InterruptedException | IllegalArgumentException e) {
            LOGGER.log(Level.WARNING, "Cannot tell what may be evicted", e);
        }
        return new DriverRequest.EvictChange(change, "the build that waited for it was aborted", waves);
    }

    private boolean isWaitingFor(String otherRepository, String otherChange) {
        return !isEnded() && otherRepository.equals(repository) && otherChange.equals(change);
    }

    @Override
    public String getStatus() {
        return statusWithReason("waiting for change " + change);
    }
}
