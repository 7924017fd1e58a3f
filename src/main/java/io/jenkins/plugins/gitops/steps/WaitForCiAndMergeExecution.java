package io.jenkins.plugins.gitops.steps;

import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.EntryState;
import io.jenkins.plugins.gitops.build.SafeLinks;
import io.jenkins.plugins.gitops.changes.DecidedChange;
import io.jenkins.plugins.gitops.changes.Outcome;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.common.Backoff;
import io.jenkins.plugins.gitops.common.ConfigConflict;
import io.jenkins.plugins.gitops.common.RepoMisconfigured;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.JobAuthorization;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.runtime.executors.PluginExecutors;
import io.jenkins.plugins.gitops.steps.base.DeadlineExecution;
import io.jenkins.plugins.gitops.steps.base.LogLinks;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import io.jenkins.plugins.gitops.steps.failures.ChecksFailed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * Waits until the driver has merged a change, or all of several, or evicted one. Saved are the ids of the changes and
 * the deadline; the state of the changes is observed again after a restart. With {@code evictOnAbort} an abort evicts
 * the changes that have not ended, unless another build waits for them.
 */
final class WaitForCiAndMergeExecution extends DeadlineExecution {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = Logger.getLogger(WaitForCiAndMergeExecution.class.getName());

    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

    /** The time for which the eviction of a change is tried whose build was aborted. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final transient WaitForCiAndMergeStep step;
    private String repository;
    /** The only change, or the last of several. */
    private String change;
    /** All changes where {@code commit:} is a list; else null. */
    @CheckForNull
    private ArrayList<String> changes;

    private boolean evictOnAbort;

    /** The results of the changes that have ended, by what {@code commit:} names; null before the first. */
    @CheckForNull
    private transient Map<String, Object> results;

    /** Why the changes that have not ended wait; null before the first reason. */
    @CheckForNull
    private transient Map<String, String> reasons;

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
        changes = several(step.getCommit());
        change = changes == null ? one(step.getCommit(), delivery, set) : changes.get(changes.size() - 1);
        evictOnAbort = step.isEvictOnAbort();
        for (String followed : changes()) {
            Optional<ChangeEntry> known = delivery.change(followed);
            if (known.isPresent()) {
                delivery.originOf(known.get())
                        .ifPresent(origin -> log("Change " + followed + " is one of " + origin + "."));
                checkPlace(known.get(), set);
                if (evictOnAbort) {
                    StepArguments.require(
                            configured, run, RepositoryPower.EVICT, known.get().getWave());
                }
            }
        }
        startDeadline(step.getTimeout());
        subscribe();
        return false;
    }

    @CheckForNull
    private static ArrayList<String> several(@CheckForNull Object commit) throws AbortException {
        if (commit == null || commit instanceof String) {
            return null;
        }
        var named = new ArrayList<String>();
        if (commit instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof CharSequence text && !text.toString().isBlank()) {
                    named.add(text.toString().strip());
                }
            }
            if (!named.isEmpty() && named.size() == list.size()) {
                return new ArrayList<>(new LinkedHashSet<>(named));
            }
        }
        throw new AbortException(
                "waitForCiAndMerge takes commit: as the id of a change or its SHA, or as a list of these, "
                        + "as in commit: [first.id, second.id].");
    }

    private String one(@CheckForNull Object commit, DeliveryAction delivery, Optional<String> set)
            throws AbortException {
        if (commit != null) {
            return commit.toString();
        }
        List<ChangeEntry> own = delivery.changes(repository, set).toList();
        if (own.isEmpty()) {
            throw new AbortException("This build has committed nothing to "
                    + set.map(name -> "the set \"" + name + "\" of ").orElse("") + "\"" + repository
                    + "\" that could be waited for; call commitConfig before, or name a change with commit:.");
        }
        ChangeEntry last = own.get(own.size() - 1);
        if (own.size() > 1) {
            log("This build made " + own.size() + " changes; this waits for the last of them, " + last.getId() + " in "
                    + last.wavePath() + ". Name another with commit:, or several in a list.");
        }
        return last.getId();
    }

    private void checkPlace(ChangeEntry known, Optional<String> set) throws AbortException {
        if (!known.getRepository().equals(repository)) {
            throw new AbortException("Change " + known.getId() + " is one of the config repository \""
                    + known.getRepository() + "\", not of \"" + repository + "\"; correct repo: or commit:.");
        }
        if (set.isPresent() && !known.wavePath().set().equals(set)) {
            throw new AbortException("Change " + known.getId() + " is in " + known.wavePath() + ", not in the set \""
                    + set.get() + "\"; leave set: out, or name a change of that set.");
        }
    }

    private List<String> changes() {
        if (changes != null) {
            return changes;
        }
        // A step that is about to start, or could not, has none.
        return change == null ? List.of() : List.of(change);
    }

    private static boolean needsNoVerdict(EntryState state) {
        return state == EntryState.UNCHANGED || state == EntryState.SUPERSEDED;
    }

    @Override
    protected void observe() {
        if (!isStillAllowed(repository, RepositoryPower.WAIT)) {
            return;
        }
        recordOnBuild(
                "what needs no verdict",
                (delivery, now) -> changes()
                        .forEach(followed -> delivery.change(followed)
                                .filter(known -> needsNoVerdict(known.state()))
                                .ifPresent(known ->
                                        complete(followed, result(known.getState(), known.getSha(), List.of())))));
        openSubscription(() -> {
            DriverRegistry drivers = DriverRegistry.get();
            List<Subscription> opened = pending().stream()
                    .map(followed -> drivers.followChange(repository, followed, status -> onStatus(followed, status)))
                    .toList();
            return () -> opened.forEach(Subscription::close);
        });
    }

    private void onStatus(String followed, ChangeStatus status) {
        if (isEnded() || !isStillAllowed(repository, RepositoryPower.WAIT)) {
            return;
        }
        if (status.end().isPresent() && status.sha().isEmpty() && !isOwn(followed)) {
            fail(new AbortException("Change " + followed + " is not known in " + repository + ": " + status.reason()
                    + " Check commit:, which takes the id of a change or the full SHA of its commit."));
            return;
        }
        if (status.ended() || !status.sha().isEmpty()) {
            record(status);
        }
        if (status.end().isPresent()) {
            complete(followed, status, status.end().get());
        } else {
            LogLinks links = links(followed, status);
            if (setReason(followed, status.reason(), links)) {
                log("Change " + followed + ": " + status.reason(), links);
            }
        }
    }

    /** The page of a change, and those of its checks. */
    private LogLinks links(String followed, ChangeStatus status) {
        LogLinks links = new LogLinks().add(followed, SafeLinks.change(repository, followed));
        status.checks().forEach(check -> links.add(check.context(), check.url().orElse(null)));
        return links;
    }

    private synchronized boolean setReason(String followed, String reason, LogLinks links) {
        if (reasons == null) {
            reasons = new HashMap<>();
        }
        boolean isNew = !reason.equals(reasons.put(followed, reason));
        setWaitReason(
                changes == null
                        ? reason
                        : pending().stream()
                                .filter(reasons::containsKey)
                                .map(waiting -> "Change " + waiting + ": " + reasons.get(waiting))
                                .collect(Collectors.joining(" ")),
                links);
        return isNew;
    }

    /** The changes that have not ended. */
    private synchronized List<String> pending() {
        return changes().stream()
                .filter(followed -> results == null || !results.containsKey(followed))
                .toList();
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

    private void complete(String followed, ChangeStatus status, ChangeStatus.End end) {
        Outcome outcome = end.outcome();
        String cause = end.cause().orElse("");
        String sentence = "Change " + followed + " was " + outcome + ": " + status.reason();
        if (outcome.isSuccess()) {
            if (pending().contains(followed)) {
                log(sentence);
            }
            String sha = end.mainSha().orElse(status.sha());
            complete(followed, result(outcome.toString(), sha, status.checks()));
        } else if (outcome == Outcome.LOST || cause.equals(DecidedChange.CONFLICT)) {
            fail(new ConfigConflict(sentence));
        } else if (cause.equals(DecidedChange.RED)) {
            fail(new ChecksFailed(repository, status));
        } else {
            fail(new AbortException(sentence));
        }
    }

    /** Whether this build made the change, so that the change was there once. */
    private boolean isOwn(String followed) {
        try {
            return DeliveryAction.of(need(Run.class)).change(followed).isPresent();
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.FINE, "Cannot tell whether the build made the change", e);
            return false;
        }
    }

    /** Keeps the result of a change; the step succeeds with the last one. */
    private void complete(String followed, Map<String, Object> result) {
        Map<String, Object> all;
        synchronized (this) {
            if (results == null) {
                results = new LinkedHashMap<>();
            }
            results.put(followed, result);
            if (!pending().isEmpty()) {
                return;
            }
            all = new LinkedHashMap<>(results);
        }
        succeed(changes == null ? result : all);
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
        fail(new AbortException("Change " + String.join(", ", pending()) + " was not merged within " + timeout()
                + (reason == null ? "." : ": " + reason)
                + " It stays queued in " + repository + " and is still merged or evicted by what CI says."));
    }

    @Override
    public void stop(Throwable cause) throws Exception {
        boolean evict = evictOnAbort && !isEnded();
        super.stop(cause);
        if (evict) {
            Instant end = drivers().clock().instant().plus(PATIENCE);
            pending().forEach(aborted -> evictUnlessOthersWait(aborted, new Backoff(FIRST_DELAY, LONGEST_DELAY), end));
        }
    }

    private static DriverRegistry drivers() {
        return DriverRegistry.get();
    }

    /** Evicts a change; tries again until a time while the git server cannot be reached. */
    private void evictUnlessOthersWait(String aborted, Backoff backoff, Instant end) {
        AtomicBoolean others = new AtomicBoolean();
        ListenableFuture<?> asked = StepExecution.acceptAll(WaitForCiAndMergeExecution.class, execution -> {
            if (execution != this && execution.isWaitingFor(repository, aborted)) {
                others.set(true);
            }
        });
        asked.addListener(
                () -> {
                    if (others.get()) {
                        LOGGER.log(Level.FINE, "Another build waits for {0}, so it is not evicted", aborted);
                        return;
                    }
                    drivers().submit(repository, eviction(aborted)).whenComplete((queued, failure) -> {
                        if (failure instanceof RepoUnavailable
                                && !(failure instanceof RepoMisconfigured)
                                && drivers().clock().instant().isBefore(end)) {
                            afterwards(backoff, () -> evictUnlessOthersWait(aborted, backoff, end));
                        } else if (failure != null) {
                            LOGGER.log(Level.WARNING, "Could not evict " + aborted, failure);
                            log("Change " + aborted + " is not evicted: " + failure.getMessage());
                        }
                    });
                },
                drivers().executors().callbacks());
    }

    /** The timers of the step itself have ended with it. */
    private static void afterwards(Backoff backoff, Runnable again) {
        PluginExecutors executors = drivers().executors();
        executors
                .timer()
                .schedule(
                        () -> executors.callbacks().execute(again),
                        Backoff.jittered(backoff.next()).toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** The eviction, from those waves only in which the job may evict by now. */
    private DriverRequest.EvictChange eviction(String aborted) {
        Set<String> waves = Set.of();
        try {
            Job<?, ?> job = need(Run.class).getParent();
            waves = GitOpsWavesConfiguration.get()
                    .findRepository(repository)
                    .map(configured -> JobAuthorization.of(configured, job).waves(RepositoryPower.EVICT))
                    .orElse(waves);
        } catch (IOException | InterruptedException | IllegalArgumentException e) {
            LOGGER.log(Level.WARNING, "It cannot be decided what this job may evict", e);
        }
        return new DriverRequest.EvictChange(aborted, "the build that waited for it was aborted", waves);
    }

    private boolean isWaitingFor(String otherRepository, String otherChange) {
        return !isEnded() && otherRepository.equals(repository) && pending().contains(otherChange);
    }

    @Override
    public String getStatus() {
        return statusWithReason("waiting for change " + String.join(", ", pending()));
    }
}
