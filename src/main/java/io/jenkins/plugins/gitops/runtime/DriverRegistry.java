package io.jenkins.plugins.gitops.runtime;

import com.google.common.annotations.VisibleForTesting;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.listeners.ItemListener;
import hudson.util.ClassLoaderSanityThreadFactory;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.argocd.TargetSelection;
import io.jenkins.plugins.gitops.ci.CheckWatch;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.ci.StatusSource;
import io.jenkins.plugins.gitops.common.Futures;
import io.jenkins.plugins.gitops.common.RepoUnavailable;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.configuration.CheckSource;
import io.jenkins.plugins.gitops.configuration.ConfigurationListener;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.delivery.ChangeStatus;
import io.jenkins.plugins.gitops.delivery.DriverRequest;
import io.jenkins.plugins.gitops.delivery.RepositorySettings;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.driver.Driver;
import io.jenkins.plugins.gitops.driver.DriverLoop;
import io.jenkins.plugins.gitops.git.ConfigRepoClone;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The drivers of this controller, one for each configured repository. They start with Jenkins, so that changes whose
 * build is gone are judged too, and are replaced when the configuration changes; whoever asked or follows an old driver
 * is carried over to the new one.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class DriverRegistry {

    private static final Logger LOGGER = Logger.getLogger(DriverRegistry.class.getName());

    /** Enough for a handful of slow git servers at once; a driver never needs more than one thread at a time. */
    private static final int THREADS = 8;

    private static final int SHUTDOWN_SECONDS = 10;

    private final ScheduledExecutorService timer = newTimer();
    private final ThreadPoolExecutor pool = newPool();
    private final Map<String, Running> running = new HashMap<>();
    private final Set<Following> followings = new LinkedHashSet<>();
    private final HookMonitor hooks = new HookMonitor(this::clock);
    private Clock clock = Clock.systemUTC();
    private boolean started;
    private boolean stopped;

    private record Running(
            RepositorySettings settings, @CheckForNull String credentialsId, List<Object> sources, DriverLoop driver) {

        /** Whether it is still as it is configured. */
        boolean isAs(RepositoryDefinition configured) {
            return settings.equals(configured.toSettings())
                    && Objects.equals(credentialsId, configured.getCredentialsId())
                    && sources.equals(configured.checkSourceKeys());
        }
    }

    /** The drivers of this controller. */
    public static DriverRegistry get() {
        return ExtensionList.lookupSingleton(DriverRegistry.class);
    }

    private static ScheduledExecutorService newTimer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, threads("GitOps Waves timer"));
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    private static ThreadPoolExecutor newPool() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), threads("GitOps Waves"));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory threads(String name) {
        return new NamingThreadFactory(new ClassLoaderSanityThreadFactory(new DaemonThreadFactory()), name);
    }

    private synchronized void start() {
        started = true;
        configurationChanged();
    }

    private void stop() {
        List<Running> closing;
        synchronized (this) {
            stopped = true;
            closing = new ArrayList<>(running.values());
            running.clear();
            followings.clear();
        }
        ArgoCdWatchRegistry.get().watch(Set.of());
        closing.forEach(each -> each.driver().close());
        timer.shutdownNow();
        pool.shutdown();
        try {
            // A push that is under way should come to its end, rather than be found out about later.
            if (!pool.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
                LOGGER.warning("Jenkins stops while a git server has not answered");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
        for (String name : List.copyOf(running.keySet())) {
            Running old = running.get(name);
            RepositoryDefinition now = configured.get(name);
            if (now == null || !old.isAs(now)) {
                running.remove(name);
                old.driver().close();
            }
        }
        for (String name : configured.keySet()) {
            if (started && !running.containsKey(name)) {
                try {
                    driver(name);
                } catch (IllegalArgumentException e) {
                    LOGGER.log(Level.WARNING, e.getMessage());
                }
            }
        }
        for (Following following : followings) {
            following.attach();
        }
        watchTargets();
    }

    /** Has the servers watched on which the targets of the repositories are that are driven. */
    private void watchTargets() {
        Set<String> servers = new HashSet<>();
        running.values().forEach(each -> servers.addAll(servers(each.settings())));
        ArgoCdWatchRegistry.get().watch(servers);
    }

    private static Set<String> servers(RepositorySettings settings) {
        return settings.waves().stream()
                .map(Wave::targets)
                .filter(Objects::nonNull)
                .map(TargetSelection::server)
                .collect(Collectors.toSet());
    }

    /** Has the waves judged whose targets are on that server. */
    synchronized void applicationsChanged(String server) {
        for (Running each : running.values()) {
            if (servers(each.settings()).contains(server)) {
                each.driver().applicationsChanged();
            }
        }
    }

    /** The driver of a configured repository; the first to ask starts it. */
    private synchronized DriverLoop driver(String repository) {
        Running known = running.get(repository);
        if (known != null) {
            return known.driver();
        }
        if (stopped) {
            throw new IllegalArgumentException("Jenkins is shutting down.");
        }
        RepositoryDefinition configured = GitOpsWavesConfiguration.get().repository(repository);
        RepositorySettings settings = configured.toSettings();
        Path cache = Jenkins.get().getRootDir().toPath().resolve("gitops-waves").resolve(settings.name() + ".git");
        DriverLoop driver;
        try {
            ConfigRepoClone clone = CloneOpener.open(configured, cache, pool);
            driver = new DriverLoop(
                    new Driver(settings, clone, ArgoCdWatchRegistry.get(), checks(configured, settings), clock, identity()),
                    clock,
                    timer,
                    pool);
        } catch (RepoUnavailable e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        driver.onMissedHook(() ->
                hooks.found(repository, GitOpsWavesConfiguration.get().repository(repository).hookSources()));
        MetricsListener.all().forEach(metering -> driver.setListener(metering.repository(repository)));
        running.put(
                repository,
                new Running(settings, configured.getCredentialsId(), configured.checkSourceKeys(), driver));
        watchTargets();
        driver.wake();
        return driver;
    }

    private CheckWatch checks(RepositoryDefinition configured, RepositorySettings settings) {
        List<StatusSource> sources = configured.getChecks().stream()
                .flatMap(source -> StatusSourceFactory.open(source, bound(source, settings)).stream())
                .toList();
        CheckWatch.Pace pace = new CheckWatch.Pace(settings.pollInterval(), settings.missingChecksAfter());
        return new CheckWatch(sources, settings.requiredChecks(), pace, clock, timer);
    }

    private static List<String> bound(CheckSource source, RepositorySettings settings) {
        return settings.requiredChecks().stream()
                .filter(check -> check.source().equals(source.name()))
                .map(RequiredCheck::name)
                .toList();
    }

    private static String identity() {
        String url = Jenkins.get().getRootUrl();
        return url == null ? "Jenkins" : url;
    }

    /**
     * Submits a request to the driver of a repository. A request whose driver is replaced is submitted to the new one. If
     * the repository is not configured, the answer fails with an {@link IllegalArgumentException} that has a sentence.
     * When Jenkins stops, the answer is never completed: the caller submits again after the restart.
     */
    public <T> CompletableFuture<T> submit(String repository, DriverRequest<T> request) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        submit(repository, request, answer);
        return answer;
    }

    /**
     * Has a repository, its checks, and the targets of its waves, looked at now, rather than at their next time.
     *
     * @throws IllegalArgumentException with a sentence if it is not configured, or cannot be
     */
    public void lookNow(String repository) {
        DriverLoop driver = driver(repository);
        driver.lookNow();
        ArgoCdWatchRegistry.get().lookNow(servers(driver.settings()));
    }

    /** Has the checks of a repository asked for now, since one of them says something else. */
    synchronized void checksChanged(String repository) {
        Running known = running.get(repository);
        if (known != null) {
            known.driver().lookNow();
        }
    }

    /**
     * A repository as its driver saw it last; nothing if it has not seen it yet.
     *
     * @throws IllegalArgumentException with a sentence if it is not configured, or cannot be
     */
    public Optional<RepositoryState> state(String repository) {
        return driver(repository).state();
    }

    /**
     * Why a repository cannot be driven now, in a sentence.
     *
     * @throws IllegalArgumentException with a sentence if it is not configured, or cannot be
     */
    public Optional<String> trouble(String repository) {
        return driver(repository).trouble();
    }

    /** How far the clone of a repository is that is being made or brought up to date, in words; else nothing. */
    public String progress(String repository) {
        try {
            return driver(repository).progress();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private <T> void submit(String repository, DriverRequest<T> request, CompletableFuture<T> answer) {
        DriverLoop driver;
        try {
            driver = driver(repository);
        } catch (IllegalArgumentException e) {
            if (!isStopped()) {
                answer.completeExceptionally(e);
            }
            return;
        }
        driver.submit(request).whenComplete((result, failure) -> {
            if (failure == null) {
                answer.complete(result);
            } else if (isStopped()) {
                // The step asks again when it is resumed; failing it now would fail the build for a mere restart.
                LOGGER.log(Level.FINE, "Unanswered because Jenkins stops", failure);
            } else if (isReplaced(repository, driver)) {
                submit(repository, request, answer);
            } else {
                answer.completeExceptionally(Futures.cause(failure));
            }
        });
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private synchronized boolean isReplaced(String repository, DriverLoop driver) {
        Running now = running.get(repository);
        return now == null || now.driver() != driver;
    }

    /**
     * Follows a change until the returned handle is closed, also when its driver is replaced. The observer is called
     * on a thread of the driver, soon with the present state, then with each new one.
     */
    public Subscription followChange(String repository, String change, Consumer<ChangeStatus> observer) {
        return follow(
                repository,
                driver -> driver.followChange(change, observer),
                trouble -> observer.accept(new ChangeStatus(
                        change,
                        "",
                        "",
                        null,
                        null,
                        trouble,
                        null,
                        List.of(),
                        List.of(),
                        List.of(),
                        clock().instant())));
    }

    /**
     * Follows a wave in the same way.
     *
     * @param path a whole wave, or one of its image sets
     * @param wanted the commit that it shall run, or null for whatever it runs
     * @param require how many targets it takes, beyond what is configured, or null
     */
    public Subscription followRollout(
            String repository,
            WavePath path,
            @Nullable String wanted,
            @Nullable String require,
            Consumer<Rollout> observer) {
        RolloutRequirement more = require == null ? null : RolloutRequirement.parse(require);
        return follow(
                repository,
                driver -> driver.followRollout(path, wanted, more, observer),
                trouble -> observer.accept(Rollout.unknown(wanted, trouble)));
    }

    /** Asks Argo CD to synchronise a target of a wave; fails with a sentence if that is refused. */
    public CompletableFuture<Void> sync(String repository, String wave, String target) {
        try {
            TargetSelection targets = driver(repository).settings().wave(wave).targets();
            return targets == null
                    ? CompletableFuture.completedFuture(null)
                    : ArgoCdWatchRegistry.get().sync(targets, target);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Subscription follow(
            String repository, Function<DriverLoop, Subscription> subscribe, Consumer<String> undriven) {
        Following following = new Following(repository, subscribe, undriven);
        synchronized (this) {
            followings.add(following);
            following.attach();
        }
        return following;
    }

    /** How the hooks do that tell of changes. */
    public HookMonitor hooks() {
        return hooks;
    }

    /** The time as steps and drivers see it. */
    public synchronized Clock clock() {
        return clock;
    }

    /** Lets tests turn the clock. */
    @VisibleForTesting
    public synchronized void setClock(Clock clock) {
        this.clock = clock;
    }

    /** Only to start something at some time: what blocks goes to {@link #pool()}. */
    public ScheduledExecutorService timer() {
        return timer;
    }

    /** For work that may block on git or a disk. */
    public Executor pool() {
        return pool;
    }

    /** One observer, and its subscription at the driver that runs now. */
    private final class Following implements Subscription {

        private final String repository;
        private final Function<DriverLoop, Subscription> subscribe;
        private final Consumer<String> undriven;

        @CheckForNull
        private DriverLoop driver;

        @CheckForNull
        private Subscription subscription;

        Following(String repository, Function<DriverLoop, Subscription> subscribe, Consumer<String> undriven) {
            this.repository = repository;
            this.subscribe = subscribe;
            this.undriven = undriven;
        }

        /** Subscribes at the present driver, unless that is done. Called with the lock of the drivers. */
        void attach() {
            DriverLoop now;
            try {
                now = driver(repository);
            } catch (IllegalArgumentException e) {
                // Followed again once an administrator has put it right.
                if (!isStopped()) {
                    pool.execute(() -> undriven.accept("Nothing is known of the config repository \"" + repository
                            + "\" while it is not driven: " + e.getMessage()
                            + " If it was renamed, this waits until there "
                            + "is one of that name again."));
                }
                return;
            }
            if (now != driver) {
                driver = now;
                subscription = subscribe.apply(now);
            }
        }

        @Override
        public void close() {
            Subscription ended;
            synchronized (DriverRegistry.this) {
                followings.remove(this);
                ended = subscription;
                subscription = null;
            }
            if (ended != null) {
                ended.close();
            }
        }
    }

    /** Replaces the drivers of repositories whose configuration was changed. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class Replacement extends ConfigurationListener {

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

        @Override
        public void onBeforeShutdown() {
            get().stop();
        }
    }
}
