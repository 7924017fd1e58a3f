package io.jenkins.plugins.gitops.argocd;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/**
 * Answers over HTTP as Argo CD does: its list, single applications, and its stream, whose head comes with the first
 * event or sign of life only.
 */
final class FakeArgoCd implements AutoCloseable {

    /** What was asked, as far as it matters. */
    record Asked(String uri, String authorization, String accept) {}

    private record Answer(int status, Map<String, String> headers, byte[] body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, String> applications = new ConcurrentHashMap<>();
    private final Queue<Answer> nextAnswers = new ConcurrentLinkedQueue<>();
    private final List<HttpExchange> streams = new CopyOnWriteArrayList<>();
    final List<Asked> asked = new CopyOnWriteArrayList<>();

    /** The bodies that were posted. */
    final List<String> posted = new CopyOnWriteArrayList<>();

    private volatile long version = 1;
    private volatile boolean refusesStreams;

    FakeArgoCd() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/argocd", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/argocd";
    }

    /** Puts an application there, and says nothing of it on streams. */
    void put(String name, long version, String revision) {
        keep(name, version, ApplicationFixtures.json(name, version, revision));
    }

    /** The same, after an operation that succeeded. */
    void put(String name, long version, String revision, Instant finished) {
        keep(name, version, ApplicationFixtures.json(name, version, revision, finished));
    }

    private void keep(String name, long version, String application) {
        applications.put(name, application);
        this.version = Math.max(this.version, version);
    }

    /** Takes an application away, and says nothing of it on streams. */
    void remove(String name) {
        applications.remove(name);
    }

    /** From now on there are no streams. */
    void refuseStreams() {
        refusesStreams = true;
    }

    /** The next request, whatever it is, is answered like this. */
    void answerNext(int status, Map<String, String> headers, String body) {
        nextAnswers.add(new Answer(status, headers, body.getBytes(StandardCharsets.UTF_8)));
    }

    /** The next request is answered only as far as this, and then as one of the streams; empty: not at all. */
    void holdNext(String begun) {
        nextAnswers.add(new Answer(0, Map.of(), begun.getBytes(StandardCharsets.UTF_8)));
    }

    /** How often something was asked whose address begins so, behind the prefix. */
    long asked(String path) {
        return asked.stream().filter(has(path)).count();
    }

    static Predicate<Asked> has(String path) {
        return request -> request.uri.startsWith("/argocd" + path);
    }

    /** How many streams are open as far as is known here. */
    int streams() {
        return streams.size();
    }

    /** Writes to all streams as it is; those that are found broken are forgotten. */
    void write(String text) {
        for (HttpExchange stream : streams) {
            try {
                if (stream.getResponseCode() < 0) {
                    stream.sendResponseHeaders(200, 0);
                }
                stream.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
                stream.getResponseBody().flush();
            } catch (IOException e) {
                streams.remove(stream);
            }
        }
    }

    /** Tells all streams of an event, as a server-sent one. */
    void tell(String type, String application) {
        write("data: {\"result\":{\"type\":\"%s\",\"application\":%s}} \n\n\n".formatted(type, application));
    }

    /** Answers everything that was held. */
    void answerHeld(String body) {
        write(body);
        cut();
    }

    /** Ends all streams. */
    void cut() {
        streams.forEach(HttpExchange::close);
        streams.clear();
    }

    private void answer(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        asked.add(new Asked(
                exchange.getRequestURI().toString(), headers.getFirst("Authorization"), headers.getFirst("Accept")));
        if (exchange.getRequestMethod().equals("POST")) {
            posted.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        }
        String path = exchange.getRequestURI().getPath().substring("/argocd/api/v1".length());
        Answer next = nextAnswers.poll();
        if (next != null && next.status == 0) {
            hold(exchange, next.body);
        } else if (next != null) {
            send(exchange, next);
        } else if (path.equals("/stream/applications") && refusesStreams) {
            json(exchange, 403, "{\"error\":{\"http_code\":403,\"message\":\"permission denied\"}}");
        } else if (path.equals("/stream/applications")) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            hold(exchange, new byte[0]);
        } else if (path.equals("/applications")) {
            json(
                    exchange,
                    200,
                    "{\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"items\":["
                            + String.join(",", applications.values()) + "]}");
        } else {
            String application = applications.get(path.substring("/applications/".length()));
            json(
                    exchange,
                    application == null ? 404 : 200,
                    application == null
                            ? "{\"error\":\"not found\",\"code\":5,\"message\":\"application not found\"}"
                            : application);
        }
    }

    private void hold(HttpExchange exchange, byte[] begun) throws IOException {
        if (begun.length > 0) {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(begun);
            exchange.getResponseBody().flush();
        }
        streams.add(exchange);
    }

    private static void json(HttpExchange exchange, int status, String body) throws IOException {
        send(
                exchange,
                new Answer(status, Map.of("Content-Type", "application/json"), body.getBytes(StandardCharsets.UTF_8)));
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        answer.headers.forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status, answer.body.length == 0 ? -1 : 0);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(answer.body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
