package io.jenkins.plugins.gitops.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An Argo CD without a cluster: its applications follow real git repositories, its REST and stream API is real HTTP on
 * loopback, and what it says comes in the order in which Argo CD says it. Nothing happens by itself until it is
 * {@link #runByItself set running}: tests take each {@link SyncStep} by hand.
 *
 * <p>An application's manifests are the files below its path; it is out of sync when they, or the images that are
 * rendered from them, differ from what was applied last. Its pods run exactly those images. Resources are not told
 * apart, and nothing but Argo CD changes the cluster.
 */
public final class ArgoCdSimulator implements AutoCloseable {

    /** The namespace of Argo CD itself, in which applications lie unless they say otherwise. */
    public static final String NAMESPACE = "argocd";

    private static final Duration HOOK_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TICK = Duration.ofMillis(20);

    /** A request that has arrived; the query is as it was sent, or empty. */
    public record Request(String method, String path, String query, String accept) {}

    /** A user and the projects that the token is for; none means all. */
    record Token(String user, Set<String> projects, boolean maySync, Instant expires) {
        boolean mayRead(String project) {
            return projects.isEmpty() || projects.contains(project);
        }
    }

    private final Clock clock;
    private final GitRepositories repositories;
    private final ApplicationStore store = new ApplicationStore();
    private final ArgoCdFaults faults = new ArgoCdFaults(store);
    private final Map<String, SimulatedApplication> applications = new ConcurrentSkipListMap<>();
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final HttpClient hooks = HttpClient.newHttpClient();
    private final ScheduledExecutorService clockwork = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "argo-cd");
        thread.setDaemon(true);
        return thread;
    });
    private final ArgoCdApi api;

    private ArgoCdSimulator(Path folder, Clock clock, int port) throws IOException {
        this.clock = clock;
        this.repositories = new GitRepositories(folder);
        this.api = new ArgoCdApi(this, store, faults, clock, port);
    }

    /**
     * Starts a server without applications.
     *
     * @param folder where it keeps its clones
     * @param port to listen on, 0 for a free one
     */
    public static ArgoCdSimulator start(Path folder, Clock clock, int port) {
        try {
            var started = new ArgoCdSimulator(folder, clock, port);
            started.api.listen();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException("The simulated Argo CD cannot listen on port " + port + ".", e);
        }
    }

    /** Returns its URL, without a slash at the end. */
    public String url() {
        return api.url();
    }

    /** Makes a token that may read and sync the applications of some projects, or, if none is named, of all. */
    public String token(String user, String... projects) {
        return token(user, true, Instant.MAX, projects);
    }

    /** As {@link #token(String, String...)}, for reading only and until a time. */
    public String readToken(String user, Instant expires, String... projects) {
        return token(user, false, expires, projects);
    }

    private String token(String user, boolean maySync, Instant expires, String... projects) {
        String token = "argocd-token-" + user + "-" + numbers.incrementAndGet();
        tokens.put(token, new Token(user, Set.of(projects), maySync, expires));
        return token;
    }

    /** Refuses a token from now on. */
    public void revoke(String token) {
        tokens.remove(token);
    }

    /** Sets the URL that a {@code repoURL} is fetched from: one with credentials, or a path. */
    public void fetchFrom(String repoUrl, String fetchUrl) {
        repositories.fetchFrom(repoUrl, fetchUrl);
    }

    /** Creates an application, of which nothing is compared or deployed yet. */
    public SimulatedApplication add(ApplicationSpec spec) {
        var application = new SimulatedApplication(spec, clock, repositories, store, this::call);
        applications.put(key(spec.namespace, spec.name), application);
        return application;
    }

    /** An application in Argo CD's own namespace. */
    public SimulatedApplication application(String name) {
        return find(NAMESPACE, name)
                .orElseThrow(() -> new IllegalArgumentException("There is no application '" + name + "'."));
    }

    /** Deletes an application. */
    public void remove(SimulatedApplication application) {
        applications.remove(key(application.namespace(), application.name()));
        application.remove();
    }

    /** Compares every application with git and takes every step that follows. */
    public void settle() {
        repositories.lookAgain();
        applications.values().forEach(SimulatedApplication::settleAsListed);
    }

    /** Takes the next step of every application, whether it is due or not. */
    public void advance() {
        repositories.lookAgain();
        applications.values().forEach(SimulatedApplication::advanceAsListed);
    }

    /** Takes the next step of every application whose step is due by the clock. */
    public void runDue() {
        repositories.lookAgain();
        applications.values().forEach(SimulatedApplication::stepIfDue);
    }

    /** Takes steps when they are due, by real time, from now on. */
    public void runByItself() {
        clockwork.scheduleWithFixedDelay(this::runDue, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    public ArgoCdFaults faults() {
        return faults;
    }

    /** The requests since the start, in the order in which they arrived, those that a fault answered included. */
    public List<Request> requests() {
        return new ArrayList<>(api.requests());
    }

    /** Sets the interval of the comments that keep a stream of server-sent events alive; 15 s by default. */
    public void keepAlive(Duration interval) {
        api.keepAlive(interval);
    }

    /** Returns the number of open streams. A closed client is noticed when the next event is sent. */
    public int streams() {
        return store.watches();
    }

    /** Closes the port and every connection, as if the server were down, or listens on the same port again. */
    public void down(boolean down) {
        try {
            if (down) {
                api.stop();
            } else {
                api.listen();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The simulated Argo CD cannot listen again.", e);
        }
    }

    @Override
    public void close() {
        clockwork.shutdownNow();
        api.close();
        try {
            // A step that is being taken may still write to the folder.
            clockwork.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Optional<SimulatedApplication> find(String namespace, String name) {
        return Optional.ofNullable(applications.get(key(namespace, name)));
    }

    Optional<Token> owner(String token) {
        return Optional.ofNullable(tokens.get(token));
    }

    private CompletableFuture<Boolean> call(PostSyncHook hook) {
        HttpRequest.Builder request = HttpRequest.newBuilder(hook.url())
                .timeout(HOOK_TIMEOUT)
                .POST(HttpRequest.BodyPublishers.ofString(hook.body()));
        hook.headers().forEach(request::header);
        return hooks.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding())
                .thenApply(answer -> answer.statusCode() / 100 == 2)
                .exceptionally(failure -> false);
    }

    private static String key(String namespace, String name) {
        return name + "\0" + namespace;
    }
}
