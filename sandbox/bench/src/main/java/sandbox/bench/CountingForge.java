package sandbox.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Simulates the GitHub API for statuses and check runs of commits, and counts the requests. */
final class CountingForge implements AutoCloseable {

    static final String CHECK = "ci/check";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Map<String, String> green = new ConcurrentHashMap<>();
    final AtomicInteger asked = new AtomicInteger();

    CountingForge() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/repos/acme/cfg-app/commits/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Sets the checks of a commit to success. */
    void turnGreen(String sha) {
        green.put(sha, "{\"context\":\"" + CHECK + "\",\"state\":\"success\",\"updated_at\":\"2026-11-24T08:00:00Z\"}");
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        String[] path = exchange.getRequestURI().getPath().split("/");
        String sha = path[5];
        byte[] body = ("{\"sha\":\"" + sha + "\",\"statuses\":[" + green.getOrDefault(sha, "") + "],\"check_runs\":[]}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
