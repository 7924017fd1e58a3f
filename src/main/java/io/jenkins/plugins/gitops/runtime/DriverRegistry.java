package io.jenkins.plugins.gitops.runtime;

import com.google.common.annotations.VisibleForTesting;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.configuration.ConfigurationListener;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.delivery.RequestWithdrawal;
import io.jenkins.plugins.gitops.driver.DriverLoop;
import io.jenkins.plugins.gitops.generation.GenerationWorkQueue;
import io.jenkins.plugins.gitops.runtime.events.RepositoryEvents;
import io.jenkins.plugins.gitops.runtime.executors.PluginExecutors;
import io.jenkins.plugins.gitops.waves.GateLookup;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The drivers of this controller, one for each configured repository. They start with Jenkins, so that queued changes
 * are judged even if their builds are gone, and are replaced when the configuration changes. Requests and subscriptions
 * are moved from a replaced driver to the new one.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class DriverRegistry {

    private static final Logger LOGGER = Logger.getLogger(DriverRegistry.class.getName());

    private final PluginExecutors executors = PluginExecutors.create();
    private final HookMonitor hooks = new HookMonitor(this::clock, this::hookMissing);
    private final DriverLifecycle drivers = new DriverLifecycle(executors, hooks, this::startGenerator);
    private final Set<DriverSubscription> subscriptions = new LinkedHashSet<>();
    private final ControllerUptime uptime = new ControllerUptime(
            () -> Jenkins.get().getRootDir().toPath().resolve("gitops-waves").resolve("uptime.json"), this::clock);
    private volatile Clock clock = Clock.systemUTC();
    private GeneratorBuildStarter generators = new QueueingGeneratorStarter();

    private volatile GateLookup gates = GateLookup.NONE;

    private volatile boolean started;
    private boolean stopped;

    /** When this process was started; empty if Jenkins is not known to have run before. */
    private volatile Optional<Instant> resumption = Optional.empty();

    /** The drivers of this controller. */
    public static DriverRegistry get() {
        return ExtensionList.lookupSingleton(DriverRegistry.class);
    }

    private synchronized void start() {
        uptime.start();
        resumption = uptime.lastDowntimeEnd();
        started = true;
        executors
                .timer()
                .scheduleWithFixedDelay(
                        () -> executors.callbacks().execute(uptime::beat),
                        ControllerUptime.BEAT.toMillis(),
                        ControllerUptime.BEAT.toMillis(),
                        TimeUnit.MILLISECONDS);
        configurationChanged();
    }

    private void stop() {
        List<RunningDriver> closing;
        synchronized (this) {
            stopped = true;
            if (started) {
                uptime.beat();
            }
            closing = drivers.removeAll();
            subscriptions.clear();
        }
        ArgoCdWatchRegistry.get().watch(Set.of());
        ClusterWatchRegistry.get().watch(Set.of());
        closing.forEach(each -> each.driver().close());
        if (!executors.shutdown()) {
            LOGGER.warning("Jenkins stops while a git server has not answered");
        }
    }

    /** Replaces the drivers of repositories that are configured differently now, and closes those of removed ones. */
    private synchronized void configurationChanged() {
        if (stopped) {
            return;
        }
        Map<String, RepositoryDefinition> configured = new HashMap<>();
        for (RepositoryDefinition repository : GitOpsWavesConfiguration.get().getRepositories()) {
            configured.put(repository.getName(), repository);
        }
        drivers.closeChanged(configured);
        for (String name : configured.keySet()) {
            if (started && drivers.find(name).isEmpty()) {
                try {
                    driver(name);
                } catch (IllegalArgumentException e) {
                    // The others are started all the same.
                    LOGGER.log(Level.WARNING, e.getMessage(), e.getCause());
                }
            }
        }
        for (DriverSubscription subscription : subscriptions) {
            subscription.attach();
        }
        drivers.watchTargets();
    }

    /** Makes drivers judge the waves that have targets in a cluster. */
    synchronized void clusterChanged(String cluster) {
        for (RunningDriver each : drivers.running()) {
            if (each.settings().clusters().contains(cluster)) {
                each.driver().applicationsChanged();
            }
        }
    }

    /** Makes drivers judge the waves that have targets on an Argo CD server. */
    synchronized void applicationsChanged(String server) {
        for (RunningDriver each : drivers.running()) {
            if (each.settings().argoCdServers().contains(server)) {
                each.driver().applicationsChanged();
            }
        }
    }

    /**
     * The driver of a configured repository, which is started if it does not run yet.
     *
     * @throws IllegalArgumentException if the repository is not configured or its definition is not valid, or Jenkins
     *     stops
     */
    synchronized DriverLoop driver(String repository) {
        Optional<RunningDriver> known = drivers.find(repository);
        if (known.isPresent()) {
            return known.get().driver();
        }
        if (stopped) {
            throw new IllegalArgumentException("Jenkins is shutting down.");
        }
        return drivers.start(GitOpsWavesConfiguration.get().repository(repository), clock);
    }

    private void hookMissing(String repository, String source) {
        drivers.events(repository).ifPresent(events -> events.hookMissing(source));
    }

    /** Why receivers of a repository's events take none at the moment, a sentence for each that does not. */
    public List<String> notificationProblems(String repository) {
        return drivers.events(repository).map(RepositoryEvents::problems).orElse(List.of());
    }

    /**
     * Submits a request to the driver of a repository. A request whose driver is replaced is submitted to the new one.
     * If the repository is not configured, the answer fails with an {@link IllegalArgumentException} that has a
     * sentence. When Jenkins stops, the answer is never completed: the caller submits again after the restart.
     */
    public <T> CompletableFuture<T> submit(String repository, DriverRequest<T> request) {
        return submit(repository, request, new RequestWithdrawal());
    }

    /** Submits a request in the same way, until it is withdrawn by its withdrawal, after which it is not answered. */
    public <T> CompletableFuture<T> submit(String repository, DriverRequest<T> request, RequestWithdrawal withdrawal) {
        return new RequestRelay<>(this, repository, request, withdrawal).submit();
    }

    /**
     * Polls a repository, its checks, and the targets of its waves now, instead of at the next poll interval.
     *
     * @throws IllegalArgumentException with a sentence if the repository has no driver and cannot have one
     */
    public void pollNow(String repository) {
        DriverLoop driver = driver(repository);
        driver.pollNow();
        ArgoCdWatchRegistry.get().pollNow(driver.settings().argoCdServers());
        ClusterWatchRegistry.get().pollNow(driver.settings().clusters());
    }

    /**
     * Polls a repository and its checks now, since a check has changed; does nothing if the repository has no driver.
     */
    synchronized void checksChanged(String repository) {
        drivers.find(repository).ifPresent(known -> known.driver().pollNow());
    }

    /**
     * The state of a repository after the driver's last complete round; empty before the first.
     *
     * @throws IllegalArgumentException with a sentence if the repository has no driver and cannot have one
     */
    public Optional<RepositoryState> state(String repository) {
        return driver(repository).state();
    }

    /**
     * A sentence that says why the driver's last round failed; empty if it did not.
     *
     * @throws IllegalArgumentException with a sentence if the repository has no driver and cannot have one
     */
    public Optional<String> trouble(String repository) {
        return driver(repository).trouble();
    }

    /** As {@link #trouble}, also why the repository has no driver. */
    public Optional<String> findTrouble(String repository) {
        try {
            return trouble(repository);
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** The progress of a clone or fetch that is under way, in words. */
    public Optional<String> progress(String repository) {
        try {
            return Optional.of(driver(repository).progress()).filter(progress -> !progress.isEmpty());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether Jenkins is stopping, after which there are no drivers. */
    synchronized boolean isStopped() {
        return stopped;
    }

    synchronized boolean isReplaced(String repository, DriverLoop driver) {
        return drivers.isReplaced(repository, driver);
    }

    /**
     * Subscribes to the state of a change until the returned handle is closed, also when the driver is replaced. The
     * observer is called on a thread of the pool, soon with the present state, and then with each new one.
     */
    public Subscription followChange(String repository, String change, Consumer<ChangeStatus> observer) {
        return follow(
                repository,
                driver -> driver.followChange(change, observer),
                trouble -> observer.accept(ChangeStatus.unknown(change, trouble, clock().instant())));
    }

    /**
     * Subscribes in the same way to the rollout of a wave.
     *
     * @param path a whole wave, or one of its image sets
     * @param wanted the commit that the targets are to run; empty for the one that they run
     * @param require how many targets have to be done, in addition to the configured requirement
     */
    public Subscription followRollout(
            String repository,
            WavePath path,
            Optional<String> wanted,
            Optional<String> require,
            Consumer<Rollout> observer) {
        Optional<RolloutRequirement> more = require.map(RolloutRequirement::parse);
        return follow(
                repository,
                driver -> driver.followRollout(path, wanted, more, observer),
                trouble -> observer.accept(Rollout.unknown(wanted, trouble)));
    }

    /** Asks Argo CD or Flux to synchronise a target of a wave; fails with a sentence if that is refused. */
    public CompletableFuture<Void> sync(String repository, String wave, ApplicationId target) {
        try {
            Wave meant = driver(repository).settings().wave(wave);
            return meant.targets()
                    .map(targets -> ArgoCdWatchRegistry.get().sync(targets, target))
                    .or(() -> meant.fluxTargets()
                            .map(targets -> ClusterWatchRegistry.get().reconcile(targets, target)))
                    .orElseGet(() -> CompletableFuture.completedFuture(null));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Subscription follow(
            String repository, Function<DriverLoop, Subscription> subscribe, Consumer<String> onNoDriver) {
        DriverSubscription subscription = new DriverSubscription(this, repository, subscribe, onNoDriver);
        synchronized (this) {
            subscriptions.add(subscription);
            subscription.attach();
        }
        return subscription;
    }

    /** Ends the moving of a subscription that was closed. */
    synchronized void forget(DriverSubscription subscription) {
        subscriptions.remove(subscription);
    }

    /** The work of a repository's generator; empty if it has no driver or no generator. */
    public Optional<GenerationWorkQueue> generation(String repository) {
        try {
            return driver(repository).generation();
        } catch (IllegalArgumentException e) {
            LOGGER.log(Level.FINE, "No generation for " + repository, e);
            return Optional.empty();
        }
    }

    /** Starts a build that generates what the driver of a repository wants. */
    private void startGenerator(String repository) {
        Optional<RepositoryDefinition> configured =
                GitOpsWavesConfiguration.get().findRepository(repository);
        Optional<GenerationWorkQueue> workQueue = generation(repository);
        if (configured.isEmpty() || workQueue.isEmpty()) {
            return;
        }
        try {
            generators().start(configured.get(), workQueue.get().settings().job());
            workQueue.get().obstacle(Optional.empty());
        } catch (RequestRefused e) {
            workQueue.get().obstacle(Optional.ofNullable(e.getMessage()));
        }
    }

    private synchronized GeneratorBuildStarter generators() {
        return generators;
    }

    /** Replaces what starts builds of generators, where there is no queue of Jenkins. */
    public synchronized void setGenerators(GeneratorBuildStarter starter) {
        generators = starter;
        drivers.running().forEach(each -> each.driver().wake());
    }

    GateLookup gates() {
        return gates;
    }

    /** Sets what asks other systems whether sets may be promoted. */
    public void setGates(GateLookup lookup) {
        gates = lookup;
    }

    /** The monitor of the webhooks of all repositories. */
    public HookMonitor hooks() {
        return hooks;
    }

    /** The time for which Jenkins was down since a time, or stood still. */
    public Duration downSince(Instant time) {
        return uptime.downSince(time);
    }

    /** The end of the last time in which Jenkins was down, or stood still; empty if none is known. */
    public Optional<Instant> lastDowntimeEnd() {
        return uptime.lastDowntimeEnd();
    }

    /**
     * When Jenkins was started again and began to resume builds; empty if it is not known to have run before. It is now
     * as long as Jenkins still starts: Pipeline resumes a build as soon as anything looks at it.
     */
    public Optional<Instant> resumption() {
        if (started) {
            return resumption;
        }
        return uptime.isKnown() ? Optional.of(clock().instant()) : Optional.empty();
    }

    /** The clock of steps and drivers. */
    public Clock clock() {
        return clock;
    }

    /** Replaces the clock, for tests. */
    @VisibleForTesting
    public void setClock(Clock clock) {
        this.clock = clock;
    }

    /** The threads of the plugin. */
    public PluginExecutors executors() {
        return executors;
    }

    /** Replaces the drivers of repositories whose configuration was changed. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class ConfigurationObserver extends ConfigurationListener {

        @Override
        public void configurationChanged() {
            get().configurationChanged();
        }
    }

    /** Starts the drivers once jobs are loaded, whether or not a build waits for them, and closes them with Jenkins. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class Lifecycle extends ItemListener {

        @Override
        public void onLoaded() {
            get().start();
        }

        /**
         * Tells the listeners of the plugin that jobs are loaded, where it is installed into a Jenkins that runs: Jenkins
         * itself says so at its start only.
         */
        @Initializer(after = InitMilestone.JOB_CONFIG_ADAPTED)
        public static void installed() {
            if (Jenkins.get().getInitLevel() == InitMilestone.COMPLETED) {
                ExtensionList.lookup(ItemListener.class).stream()
                        .filter(listener -> listener.getClass().getClassLoader() == Lifecycle.class.getClassLoader())
                        .forEach(ItemListener::onLoaded);
            }
        }

        @Override
        public void onBeforeShutdown() {
            get().stop();
        }
    }
}
