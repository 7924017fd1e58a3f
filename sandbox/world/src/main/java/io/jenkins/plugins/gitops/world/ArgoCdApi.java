package io.jenkins.plugins.gitops.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.world.ApplicationStore.Event;
import io.jenkins.plugins.gitops.world.ApplicationStore.Version;
import io.jenkins.plugins.gitops.world.ArgoCdApiError.Code;
import io.jenkins.plugins.gitops.world.ArgoCdFaults.Answer;
import io.jenkins.plugins.gitops.world.ArgoCdSimulator.Request;
import io.jenkins.plugins.gitops.world.ArgoCdSimulator.Token;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The part of Argo CD's API that concerns applications, with the shapes and refusals of
 * {@code server/application/application.go} behind grpc-gateway.
 */
final class ArgoCdApi {

    private static final String APPLICATIONS = "/api/v1/applications";
    private static final String STREAM = "/api/v1/stream/applications";
    private static final AtomicInteger SERVERS = new AtomicInteger();
    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        // Without it the JDK's server waits some 40 ms for an acknowledgement before it sends the end of an answer.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final ArgoCdSimulator argo;
    private final ApplicationStore store;
    private final ArgoCdFaults faults;
    private final Clock clock;
    private final ExecutorService pool;
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private volatile Duration keepAlive = Duration.ofSeconds(15);
    private int port;
    private HttpServer server;

    ArgoCdApi(ArgoCdSimulator argo, ApplicationStore store, ArgoCdFaults faults, Clock clock, int port) {
        this.argo = argo;
        this.store = store;
        this.faults = faults;
        this.clock = clock;
        this.port = port;
        int number = SERVERS.incrementAndGet();
        AtomicInteger threads = new AtomicInteger();
        this.pool = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "argo-cd-http-" + number + "-" + threads.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        port = server.getAddress().getPort();
        server.setExecutor(pool);
        server.createContext("/", this::answer);
        server.start();
    }

    void stop() {
        if (server != null) {
            store.tellAll(Event.BREAK);
            server.stop(0);
            server = null;
        }
    }

    void close() {
        stop();
        pool.shutdownNow();
        try {
            pool.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String url() {
        return "http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":" + port;
    }

    void keepAlive(Duration interval) {
        keepAlive = interval;
    }

    Collection<Request> requests() {
        return requests;
    }

    /** An {@code IOException} out of here makes the server cut the connection. */
    private void answer(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        var request = new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                query == null ? "" : query,
                accept == null ? "" : accept);
        requests.add(request);
        try {
            Thread.sleep(faults.delay().toMillis());
            Optional<Answer> ordered = faults.next(request);
            if (ordered.isPresent()) {
                send(exchange, ordered.get());
            } else if (request.path().equals(STREAM)) {
                stream(exchange, new Query(request.query()), request.accept().equals("text/event-stream"));
            } else {
                send(exchange, 200, answer(exchange, request));
            }
        } catch (ArgoCdApiError e) {
            send(exchange, e.code.status, e.body().toString());
        } catch (InterruptedException e) {
            throw new IOException("The server is closed.", e);
        }
    }

    private String answer(HttpExchange exchange, Request request) throws IOException {
        Token token = authenticate(exchange);
        var query = new Query(request.query());
        if (request.path().equals(APPLICATIONS) && request.method().equals("GET")) {
            return list(token, query);
        }
        String[] rest = request.path().startsWith(APPLICATIONS + "/")
                ? request.path().substring(APPLICATIONS.length() + 1).split("/")
                : new String[0];
        if (rest.length == 1 && request.method().equals("GET")) {
            return get(token, rest[0], query);
        }
        if (rest.length == 2 && rest[1].equals("sync") && request.method().equals("POST")) {
            return sync(token, rest[0], new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        }
        throw new ArgoCdApiError(Code.NOT_FOUND, "Not Found");
    }

    private Token authenticate(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header == null || !header.startsWith("Bearer ")) {
            throw new ArgoCdApiError(Code.UNAUTHENTICATED, "no session information");
        }
        Token token = argo.owner(header.substring("Bearer ".length()))
                .orElseThrow(() -> new ArgoCdApiError(
                        Code.UNAUTHENTICATED,
                        "invalid session: token is malformed: token contains an invalid number of segments"));
        if (!clock.instant().isBefore(token.expires())) {
            throw new ArgoCdApiError(
                    Code.UNAUTHENTICATED, "invalid session: token has invalid claims: token is expired");
        }
        return token;
    }

    private String list(Token token, Query query) {
        Predicate<Version> wanted = selected(token, query);
        String items = store.list().stream()
                .filter(wanted)
                .filter(version -> query.matches("appNamespace", version.namespace()))
                .filter(version -> query.matches("name", version.name()))
                .filter(version -> query.matches("repo", version.repoUrl()))
                .map(Version::json)
                .collect(Collectors.joining(","));
        return "{\"metadata\":{\"resourceVersion\":\"" + store.number() + "\"},\"items\":[" + items + "]}";
    }

    private static Predicate<Version> selected(Token token, Query query) {
        Predicate<Map<String, String>> labels;
        try {
            labels = SimulatedLabelSelector.parse(query.first("selector"));
        } catch (IllegalArgumentException e) {
            throw new ArgoCdApiError(Code.UNKNOWN, "error parsing the selector: " + e.getMessage());
        }
        List<String> projects = query.projects();
        return version -> labels.test(version.labels())
                && (projects.isEmpty() || projects.contains(version.project()))
                && token.mayRead(version.project());
    }

    private String get(Token token, String name, Query query) {
        if (query.projects().size() > 1) {
            throw new ArgoCdApiError(
                    Code.INVALID_ARGUMENT,
                    "multiple projects specified - the get endpoint accepts either zero or one project");
        }
        String project = query.projects().isEmpty() ? "" : query.projects().get(0);
        String namespace = namespace(query.first("appNamespace"));
        Version found = permitted(token, namespace, name, project);
        if (!query.first("refresh").isEmpty()) {
            argo.find(namespace, name).ifPresent(SimulatedApplication::refresh);
            found = permitted(token, namespace, name, project);
        }
        return found.json();
    }

    private static String namespace(String named) {
        return named.isEmpty() ? ArgoCdSimulator.NAMESPACE : named;
    }

    /**
     * Without a project, or with one that is not allowed, the response does not reveal whether the application
     * exists.
     */
    private Version permitted(Token token, String namespace, String name, String project) {
        if (!project.isEmpty() && !token.mayRead(project)) {
            throw new ArgoCdApiError(Code.PERMISSION_DENIED, "permission denied");
        }
        Optional<Version> found = store.read(namespace, name)
                .filter(version -> token.mayRead(version.project()))
                .filter(version -> project.isEmpty() || project.equals(version.project()));
        return found.orElseThrow(() -> project.isEmpty()
                ? new ArgoCdApiError(Code.PERMISSION_DENIED, "permission denied")
                : new ArgoCdApiError(Code.NOT_FOUND, "applications.argoproj.io \"" + name + "\" not found"));
    }

    private String sync(Token token, String name, String body) {
        JsonNode wanted;
        try {
            wanted = JSON.readTree(body.isBlank() ? "{}" : body);
        } catch (JsonProcessingException e) {
            throw new ArgoCdApiError(Code.INVALID_ARGUMENT, "invalid JSON: " + e.getOriginalMessage());
        }
        String namespace = namespace(wanted.path("appNamespace").asText());
        Version found = permitted(token, namespace, name, wanted.path("project").asText());
        if (!token.maySync()) {
            throw new ArgoCdApiError(
                    Code.PERMISSION_DENIED,
                    "permission denied: applications, sync, " + found.project() + "/" + name + ", sub: "
                            + token.user());
        }
        argo.find(namespace, name).ifPresent(application -> {
            if (application.isClosed()) {
                throw new ArgoCdApiError(Code.PERMISSION_DENIED, "cannot sync: blocked by sync window");
            }
            application.sync(token.user(), revisions(wanted));
        });
        return permitted(token, namespace, name, "").json();
    }

    /** The revision that is asked for of each source, by its position, which counts from 1. */
    private static Map<Integer, String> revisions(JsonNode wanted) {
        Map<Integer, String> revisions = new HashMap<>();
        if (!wanted.path("revision").asText().isEmpty()) {
            revisions.put(1, wanted.path("revision").asText());
        }
        for (int i = 0; i < wanted.path("sourcePositions").size(); i++) {
            revisions.put(
                    wanted.path("sourcePositions").get(i).asInt(),
                    wanted.path("revisions").path(i).asText());
        }
        return revisions;
    }

    private void stream(HttpExchange exchange, Query query, boolean serverSentEvents)
            throws IOException, InterruptedException {
        var stream = new ArgoCdStream(exchange, serverSentEvents, keepAlive, store);
        try {
            Predicate<Version> selected = selected(authenticate(exchange), query);
            String name = query.first("name");
            String namespace = namespace(query.first("appNamespace"));
            String after = query.first("resourceVersion");
            long oldest = after.matches("\\d+") ? Long.parseLong(after) : 0;
            Predicate<Version> wanted = version -> version.number() >= oldest
                    && (name.isEmpty() || name.equals(version.name()) && namespace.equals(version.namespace()))
                    && selected.test(version);
            ApplicationStore.Watch watch = store.watch(after.isEmpty() || !name.isEmpty());
            try {
                stream.send(watch, wanted);
            } finally {
                store.forget(watch);
            }
        } catch (ArgoCdApiError e) {
            stream.end(e);
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        if (answer == Answer.NONE) {
            throw new IOException("Dropped on command.");
        }
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), answer.cut() ? body.length + 1000 : body.length);
        OutputStream output = exchange.getResponseBody();
        output.write(body);
        output.flush();
        if (answer.cut()) {
            throw new IOException("Cut on command.");
        }
        exchange.close();
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        send(exchange, new Answer(status, Map.of("Content-Type", "application/json"), json, false));
    }

    /** The parameters of a request; those that are left out are empty. */
    private static final class Query {
        private final Map<String, List<String>> parameters;

        Query(String query) {
            this.parameters = query.isEmpty()
                    ? Map.of()
                    : List.of(query.split("&")).stream()
                            .map(pair -> pair.split("=", 2))
                            .collect(Collectors.groupingBy(
                                    pair -> decode(pair[0]),
                                    Collectors.mapping(
                                            pair -> pair.length == 2 ? decode(pair[1]) : "", Collectors.toList())));
        }

        private static String decode(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }

        String first(String name) {
            return parameters.getOrDefault(name, List.of("")).get(0);
        }

        boolean matches(String name, String value) {
            return first(name).isEmpty() || first(name).equals(value);
        }

        /** Of {@code projects}, or of {@code project}, which older versions knew. */
        List<String> projects() {
            return parameters.getOrDefault("projects", parameters.getOrDefault("project", List.of())).stream()
                    .filter(project -> !project.isEmpty())
                    .toList();
        }
    }
}
