package sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.world.ApplicationSpec;
import io.jenkins.plugins.gitops.world.ArgoCdSimulator;
import io.jenkins.plugins.gitops.world.ImageRendering;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An Argo CD that somebody else runs: what {@link RealCluster} makes and removes there over its API, with the paths and
 * answers of Argo CD 3.5.1, before a simulated Argo CD that does the deploying.
 */
final class ForeignArgoCd implements AutoCloseable {

    static final String ADMIN = "token-of-an-administrator";

    private static final String API = "/api/v1/";

    private final ObjectMapper json = new ObjectMapper();
    private final ExecutorService pool = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "foreign-argo-cd");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Set<String> there = new ConcurrentSkipListSet<>();
    private final Set<String> refused = new ConcurrentSkipListSet<>();
    private final ArgoCdSimulator argo;
    private final HttpServer server;

    ForeignArgoCd(Path folder) throws IOException {
        argo = ArgoCdSimulator.start(folder, Clock.systemUTC(), 0);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(pool);
        server.createContext("/", this::answer);
        server.start();
    }

    ArgoCdAccess access() {
        return new ArgoCdAccess(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), ADMIN);
    }

    /** Everything in it that was made over the API, such as {@code projects/shop}. */
    Set<String> there() {
        return new TreeSet<>(there);
    }

    /** Makes something beforehand. */
    void has(String thing) {
        there.add(thing);
    }

    /** Refuses to make things of a kind, as where the token may not. */
    void refuse(String kind) {
        refused.add(kind);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getRawPath();
            boolean administrator =
                    ("Bearer " + ADMIN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            String[] way = path.startsWith(API) ? path.substring(API.length()).split("/") : new String[] {""};
            boolean passedOn = way[0].equals("stream")
                    || way[0].equals("applications")
                            && exchange.getRequestMethod().equals("GET");
            if (passedOn) {
                passOn(exchange, administrator ? argo.token("administrator") : "");
            } else if (administrator) {
                send(exchange, administer(exchange, way, body));
            } else {
                send(exchange, new Answer(403, "{\"error\":\"permission denied\",\"code\":7}"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Answer(int status, String body) {}

    private static final Answer DONE = new Answer(200, "{}");

    private Answer administer(HttpExchange exchange, String[] way, String body) throws IOException {
        String name = way.length > 1 ? URLDecoder.decode(way[1], StandardCharsets.UTF_8) : "";
        String thing = way[0] + "/" + name;
        if (exchange.getRequestMethod().equals("POST")) {
            return refused.contains(way[0])
                    ? new Answer(403, "{\"error\":\"permission denied: " + way[0] + ", create\",\"code\":7}")
                    : make(way, json.readTree(body));
        }
        if (!there.contains(thing)) {
            return new Answer(404, "{\"error\":\"" + thing + " not found\",\"code\":5}");
        }
        if (exchange.getRequestMethod().equals("DELETE")) {
            there.remove(thing);
            if (way[0].equals("applications")) {
                argo.remove(argo.application(name));
            }
        }
        return DONE;
    }

    private Answer make(String[] way, JsonNode body) {
        switch (way[0]) {
            case "projects" -> {
                if (way.length > 1) {
                    return new Answer(
                            200,
                            json.createObjectNode()
                                    .put(
                                            "token",
                                            argo.readToken(
                                                    body.path("description").asText(), Instant.MAX, way[1]))
                                    .toString());
                }
                there.add("projects/" + body.at("/project/metadata/name").asText());
            }
            case "repositories" -> {
                String repository = body.path("repo").asText();
                String login = body.path("username").asText() + ":"
                        + body.path("password").asText() + "@";
                argo.fetchFrom(repository, repository.replace("://", "://" + login));
                there.add("repositories/" + repository);
            }
            case "applicationsets" -> {
                generate(new ExampleApplicationSet(json.convertValue(body, Map.class)));
                there.add("applicationsets/" + body.at("/metadata/name").asText());
            }
            case "applications" -> patch(way[1], body.asText());
            default -> throw new AssertionError(String.join("/", way) + " is not simulated.");
        }
        return DONE;
    }

    private void generate(ExampleApplicationSet set) {
        Map<?, ?> spec = ExampleApplicationSet.map(set.template(), "spec");
        Map<?, ?> source = ExampleApplicationSet.map(spec, "source");
        Map<?, ?> destination = ExampleApplicationSet.map(spec, "destination");
        List<Map<String, String>> all = set.parameters();
        for (int i = 0; i < all.size(); i++) {
            Map<String, String> parameters = all.get(i);
            String wave = parameters.get("wave");
            argo.add(new ApplicationSpec(
                            set.name(parameters),
                            ExampleApplicationSet.text(source, "repoURL", parameters),
                            ExampleApplicationSet.text(source, "path", parameters),
                            ExampleApplicationSet.text(source, "targetRevision", parameters))
                    .project(ExampleApplicationSet.text(spec, "project", parameters))
                    .destination(
                            ExampleApplicationSet.text(destination, "server", parameters),
                            ExampleApplicationSet.text(destination, "namespace", parameters))
                    .rendering(ImageRendering.pinnedBy("images/" + wave + "/digests.json"))
                    .label("wave", wave)
                    .pace(SimulatedCluster.pace(i)));
            there.add("applications/" + set.name(parameters));
        }
        argo.runByItself();
    }

    /** A deployment whose pods can be scheduled nowhere is degraded; without that it is not. */
    private void patch(String application, String patch) {
        if (patch.contains("nowhere")) {
            argo.application(application).degradeNextRollout("");
        } else {
            argo.application(application).recover();
        }
    }

    private void passOn(HttpExchange exchange, String token) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(argo.url() + exchange.getRequestURI()));
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        request.header("Authorization", token.isEmpty() ? String.valueOf(given) : "Bearer " + token);
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        if (accept != null) {
            request.header("Accept", accept);
        }
        HttpResponse<InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
        answer.headers()
                .firstValue("Content-Type")
                .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
        exchange.sendResponseHeaders(answer.statusCode(), 0);
        try (InputStream body = answer.body()) {
            byte[] part = new byte[8192];
            for (int read = body.read(part); read >= 0; read = body.read(part)) {
                exchange.getResponseBody().write(part, 0, read);
                exchange.getResponseBody().flush();
            }
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        argo.close();
        pool.shutdownNow();
    }
}
