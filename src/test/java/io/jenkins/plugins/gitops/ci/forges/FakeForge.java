package io.jenkins.plugins.gitops.ci.forges;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Answers over HTTP as forges do what they have in common: tokens, ETags, limits; and wrongly where it is told to. */
public abstract class FakeForge implements AutoCloseable {

    public static final String TOKEN = "ghs_123456_eyJhbGciOiJSUzI1NiJ9." + "x".repeat(400);

    /** The name of the threads that answer. */
    public static final String THREADS = "fake-forge";

    /** What was asked. */
    public record Asked(String method, String uri, Map<String, String> headers, String body) {

        public String authorization() {
            return headers.get("Authorization");
        }

        public String ifNoneMatch() {
            return headers.get("If-none-match");
        }
    }

    private record Answer(int status, Map<String, String> headers, byte[] body) {}

    private final ForgeSettings.ForgeKind kind;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> new Thread(task, THREADS));
    private final Queue<Answer> nextAnswers = new ConcurrentLinkedQueue<>();
    private final Semaphore gate = new Semaphore(1);
    public final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> refused = new ConcurrentHashMap<>();
    public final Map<String, String> everyHeader = new ConcurrentHashMap<>();
    private volatile String token = TOKEN;
    private volatile Answer always;

    FakeForge(ForgeSettings.ForgeKind kind) throws IOException {
        this.kind = kind;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public ForgeSettings settings() {
        return new ForgeSettings(kind, url(), "acme/cfg-app", true, false);
    }

    /** It as the plugin asks it. */
    public ForgeClient forge(ScheduledExecutorService timer, Executor pool, ForgeToken token, RateLimit rateLimit) {
        return forge(List.of(), timer, pool, token, rateLimit);
    }

    /** It as the plugin asks it for these checks. */
    ForgeClient forge(
            List<RequiredCheck> checks,
            ScheduledExecutorService timer,
            Executor pool,
            ForgeToken token,
            RateLimit rateLimit) {
        return ForgeClient.of(settings().readingFor(checks), HttpClient.newHttpClient(), timer, pool, token, rateLimit);
    }

    /** The only token that is taken from now on. */
    public void takeOnly(String token) {
        this.token = token;
    }

    /** The next request is answered like this. */
    public void answerNext(int status, Map<String, String> headers, String body) {
        nextAnswers.add(new Answer(status, headers, body.getBytes(StandardCharsets.UTF_8)));
    }

    /** Every request is answered like this from now on; null: as it should be. */
    public void answerAlways(int status, Map<String, String> headers, String body) {
        always = new Answer(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Every request of a path with this end is refused with that status from now on. */
    void refuse(String end, int status) {
        refused.put(end, status);
    }

    public void answerAsItShould() {
        always = null;
    }

    /** Answers nothing until it is told to. */
    public void hold() {
        gate.drainPermits();
    }

    public void release() {
        gate.drainPermits();
        gate.release();
    }

    /** How many questions were asked, whose address has this. */
    public long asked(String part) {
        return asked.stream().filter(each -> each.uri.contains(part)).count();
    }

    /** What is at a path, or null; a page that is not there is empty. */
    @CheckForNull
    abstract Document at(String path, Map<String, String> query);

    /** A page, and whether another follows. */
    record Document(String json, boolean more) {}

    private void answer(HttpExchange exchange) throws IOException {
        Headers headers = exchange.getRequestHeaders();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(new Asked(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                headers.keySet().stream().collect(Collectors.toMap(Function.identity(), headers::getFirst)),
                body));
        gate.acquireUninterruptibly();
        gate.release();
        everyHeader.forEach(exchange.getResponseHeaders()::set);
        Answer next = nextAnswers.poll();
        if (next == null) {
            next = always;
        }
        if (next != null) {
            send(exchange, next);
            return;
        }
        String authorization = headers.getFirst("Authorization");
        if (authorization == null || !authorization.endsWith(" " + token)) {
            send(exchange, json(401, "{\"message\":\"Bad credentials\"}"));
            return;
        }
        if (exchange.getRequestMethod().equals("POST")) {
            send(exchange, json(201, "{}"));
            return;
        }
        Integer refusal = refused.get(refused.keySet().stream()
                .filter(exchange.getRequestURI().getPath()::endsWith)
                .findFirst()
                .orElse(""));
        if (refusal != null) {
            send(exchange, json(refusal, "{\"message\":\"Resource not accessible by integration\"}"));
            return;
        }
        Document document = at(
                exchange.getRequestURI().getRawPath(),
                query(exchange.getRequestURI().getRawQuery()));
        if (document == null) {
            send(exchange, json(404, "{\"message\":\"Not Found\"}"));
            return;
        }
        String etag = "W/\"" + Integer.toHexString(document.hashCode()) + "\"";
        exchange.getResponseHeaders().set("ETag", etag);
        if (document.more) {
            exchange.getResponseHeaders()
                    .set("Link", "<" + url() + "/elsewhere?page=2>; rel=\"next\", <" + url() + "/x>; rel=\"last\"");
        }
        send(exchange, etag.equals(headers.getFirst("If-None-Match")) ? json(304, "") : json(200, document.json));
    }

    private static Map<String, String> query(String query) {
        Map<String, String> values = new ConcurrentHashMap<>();
        if (query != null) {
            for (String pair : query.split("&")) {
                values.put(
                        pair.substring(0, pair.indexOf('=')),
                        URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8));
            }
        }
        return values;
    }

    static <T> List<T> page(List<T> all, Map<String, String> query, int size) {
        int from = Math.min(all.size(), (Integer.parseInt(query.getOrDefault("page", "1")) - 1) * size);
        return all.subList(from, Math.min(all.size(), from + size));
    }

    static boolean isMore(List<?> all, Map<String, String> query, int size) {
        return Integer.parseInt(query.getOrDefault("page", "1")) * size < all.size();
    }

    private static Answer json(int status, String body) {
        return new Answer(status, Map.of("Content-Type", "application/json"), body.getBytes(StandardCharsets.UTF_8));
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
        release();
        server.stop(0);
        threads.shutdownNow();
    }
}
