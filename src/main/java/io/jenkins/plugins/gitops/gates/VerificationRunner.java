package io.jenkins.plugins.gitops.gates;

import com.google.common.annotations.VisibleForTesting;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.ItemListener;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.gates.VerificationBuildStarter.BuildState;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.waves.VerificationResult;
import io.jenkins.plugins.gitops.waves.VerificationResult.State;
import io.jenkins.plugins.gitops.waves.VerificationRule;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.waves.WaveState.DueVerification;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Runs the jobs of verifications. Which are due says the state in git; a job is started only once the state says that
 * this controller has the lease of its run, so that of several controllers one starts it. The build carries the run's
 * key, by which it is found again after a restart; what has no build is started again.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class VerificationRunner {

    private static final Logger LOGGER = Logger.getLogger(VerificationRunner.class.getName());

    /** The time for which this controller keeps the lease beyond the timeout, for a build that waits or a restart. */
    private static final Duration SLACK = Duration.ofMinutes(10);

    private static final Duration PERIOD = Duration.ofSeconds(10);

    /** A build of a run that was started so recently may not be in the queue yet. */
    private static final Duration YOUNG = Duration.ofSeconds(30);

    private VerificationBuildStarter starter = new QueueingVerificationStarter();

    /** The requests to drivers that are not answered yet, so that none is made twice. */
    private final Set<String> asked = new HashSet<>();

    /** The runner of this controller. */
    public static VerificationRunner get() {
        return ExtensionList.lookupSingleton(VerificationRunner.class);
    }

    /** Replaces what starts builds, where there is no queue of Jenkins. */
    public synchronized void setStarter(VerificationBuildStarter replacement) {
        starter = replacement;
    }

    private synchronized VerificationBuildStarter starter() {
        return starter;
    }

    private void begin() {
        DriverRegistry.get()
                .executors()
                .timer()
                .scheduleWithFixedDelay(this::wake, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks after all verifications soon, on a thread of the pool. */
    void wake() {
        DriverRegistry.get().executors().callbacks().execute(this::runAll);
    }

    /** Looks after all verifications now. */
    @VisibleForTesting
    public void runAll() {
        for (RepositoryDefinition repository : GitOpsWavesConfiguration.get().getRepositories()) {
            boolean verifies = repository.getWaves().stream()
                    .anyMatch(wave -> !wave.getVerifications().isEmpty());
            if (verifies) {
                try {
                    run(repository);
                } catch (IllegalArgumentException e) {
                    LOGGER.log(Level.FINE, e, () -> "Nothing is verified for " + repository.getName());
                } catch (RuntimeException e) {
                    LOGGER.log(
                            Level.WARNING, e, () -> "The verifications of " + repository.getName() + " cannot be run");
                }
            }
        }
    }

    private void run(RepositoryDefinition repository) {
        RepositorySettings settings = repository.toSettings();
        Optional<RepositoryState> state = DriverRegistry.get().state(settings.name());
        if (state.isEmpty() || DriverRegistry.get().trouble(settings.name()).isPresent()) {
            return;
        }
        Instant now = now();
        for (RepositoryState.WaveSnapshot wave : state.get().waves()) {
            if (settings.waves().stream()
                    .noneMatch(known -> known.name().equals(wave.path().wave()))) {
                continue;
            }
            List<VerificationRule> rules = settings.wave(wave.path()).gates().verifications();
            wave.state().verifications().stream()
                    .filter(run -> run.state() == State.RUNNING && run.by().equals(identity()))
                    .forEach(run -> rules.stream()
                            .filter(rule -> rule.name().equals(run.name()))
                            .findFirst()
                            .flatMap(rule -> task(settings.name(), wave.path(), rule, run))
                            .ifPresent(task -> follow(task, rule(rules, run).timeout(), now)));
            for (DueVerification due : wave.state().dueVerifications(rules, now)) {
                begin(settings.name(), wave, due, now);
            }
        }
    }

    private static VerificationRule rule(List<VerificationRule> rules, VerificationResult run) {
        return rules.stream()
                .filter(rule -> rule.name().equals(run.name()))
                .findFirst()
                .orElseThrow();
    }

    private static Optional<VerificationTask> task(
            String repository, WavePath path, VerificationRule rule, VerificationResult run) {
        return rule.job().map(job -> new VerificationTask(repository, path, job, run));
    }

    /** Looks after a run of this controller. */
    private void follow(VerificationTask task, Duration timeout, Instant now) {
        Optional<BuildState> build = starter().find(task);
        VerificationResult run = task.run();
        Instant end = run.at().plus(timeout).plus(DriverRegistry.get().downSince(run.at()));
        Optional<Result> ended = build.flatMap(BuildState::ended);
        if (ended.isPresent()) {
            end(task, ended.get(), build.get());
        } else if (!now.isBefore(end)) {
            starter().abort(task);
            end(
                    task,
                    State.FAILED,
                    task.job() + " did not end in time",
                    build.map(BuildState::url).orElse(""));
        } else if (build.isPresent()) {
            if (!run.isLeased(now.plus(SLACK.dividedBy(2)))) {
                // A restart took so long that the lease is nearly over, and the build goes on.
                renew(task, now.plus(SLACK));
            }
        } else if (now.isAfter(run.at().plus(YOUNG))) {
            launch(task);
        }
    }

    /** Takes the lease of a run and starts its build, if it can be started. */
    private void begin(String repository, RepositoryState.WaveSnapshot wave, DueVerification due, Instant now) {
        VerificationResult run = VerificationResult.of(
                        due.rule().name(), due.set(), State.RUNNING, due.attempt(), identity(), now)
                .leasedUntil(now.plus(due.rule().timeout()).plus(SLACK));
        VerificationTask task = task(repository, wave.path(), due.rule(), run).orElseThrow();
        Optional<String> obstacle = starter().obstacle(task);
        if (obstacle.isPresent()) {
            boolean known = wave.state()
                    .verification(run.name(), run.identity())
                    .filter(it -> it.state() == State.BLOCKED && it.reason().equals(obstacle.get()))
                    .isPresent();
            if (!known) {
                VerificationResult blocked =
                        run.with(State.BLOCKED, run.by(), obstacle.get(), now).withoutAttempt();
                submit(task, new StateCommand.EndVerification(task.path(), blocked), () -> {});
            }
            return;
        }
        submit(task, new StateCommand.StartVerification(task.path(), run), () -> launch(task));
    }

    private void launch(VerificationTask task) {
        try {
            starter().start(task);
        } catch (RequestRefused e) {
            end(task, State.BLOCKED, String.valueOf(e.getMessage()), "");
        }
    }

    private void renew(VerificationTask task, Instant until) {
        VerificationResult renewed = task.run().leasedUntil(until);
        submit(task, new StateCommand.EndVerification(task.path(), renewed), () -> {});
    }

    /** Records how a build ended by itself, or by somebody who aborted it. */
    private void end(VerificationTask task, Result result, BuildState build) {
        boolean passed = result == Result.SUCCESS;
        VerificationResult ended = task.run()
                .with(passed ? State.PASSED : State.FAILED, task.run().by(), passed ? "" : build.result(), now())
                .seenAt(build.url());
        boolean broken = result == Result.ABORTED || result == Result.NOT_BUILT;
        submit(task, new StateCommand.EndVerification(task.path(), ended, broken), () -> {});
    }

    private void end(VerificationTask task, State state, String reason, String url) {
        VerificationResult run = task.run();
        VerificationResult ended = run.with(state, run.by(), reason, now()).seenAt(url);
        VerificationResult counted = state == State.BLOCKED ? ended.withoutAttempt() : ended;
        submit(task, new StateCommand.EndVerification(task.path(), counted), () -> {});
    }

    private void submit(VerificationTask task, StateCommand command, Runnable then) {
        String key = task.repository() + " " + task.path() + " " + task.run().name();
        synchronized (this) {
            if (!asked.add(key)) {
                return;
            }
        }
        DriverRegistry.get()
                .submit(task.repository(), new ApplyStateCommand(command))
                .whenCompleteAsync(
                        (answer, failure) -> {
                            synchronized (this) {
                                asked.remove(key);
                            }
                            if (failure == null) {
                                // What was written before is another request's, which has gone on.
                                if (answer.written()) {
                                    then.run();
                                }
                            } else {
                                LOGGER.log(Level.FINE, failure, () -> "Not recorded: " + key);
                            }
                        },
                        DriverRegistry.get().executors().callbacks());
    }

    private static Instant now() {
        return DriverRegistry.get().clock().instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** The name of this controller in the state. */
    private static String identity() {
        String url = Jenkins.get().getRootUrl();
        return url == null ? "Jenkins" : url;
    }

    /** Begins to look after verifications once jobs are loaded. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class Lifecycle extends ItemListener {

        @Override
        public void onLoaded() {
            get().begin();
        }
    }

    /** Records at once how a build ended that verifies. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class Builds extends RunListener<Run<?, ?>> {

        @Override
        public void onStarted(Run<?, ?> run, TaskListener listener) {
            if (VerificationAction.isOn(run)) {
                get().wake();
            }
        }

        @Override
        public void onFinalized(Run<?, ?> run) {
            if (VerificationAction.isOn(run)) {
                get().wake();
            }
        }
    }
}
