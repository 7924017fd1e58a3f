package sandbox.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.common.HexDigest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A registry on the loopback interface that has every image, with a digest computed from its name. It delays each
 * response like a distant server, and requires a separate bearer token for each repository.
 */
final class LateRegistry implements AutoCloseable {

    static {
        // Without it the server delays the body until the headers are acknowledged, up to 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;

    private final HttpServer server;
    private final Duration latency;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
    private final AtomicInteger tokens = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();

    LateRegistry(Duration latency) throws IOException {
        this.latency = latency;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** Returns host and port in the form of image references. */
    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    String url() {
        return "http://" + host();
    }

    /** Returns the digest of the only image of a repository. */
    static String digest(String name) {
        return "sha256:" + HexDigest.sha256(name);
    }

    /** Returns how many tokens were requested since {@link #forget}. */
    int tokens() {
        return tokens.get();
    }

    /** Returns the greatest number of concurrent requests so far. */
    int mostAtOnce() {
        return mostAtOnce.get();
    }

    /** Resets the number of tokens. */
    void forget() {
        tokens.set(0);
    }

    private void handle(HttpExchange exchange) {
        mostAtOnce.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        // No thread waits, so that the registry takes little processor time from the measured code.
        threads.schedule(() -> answer(exchange), latency.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void answer(HttpExchange exchange) {
        underWay.decrementAndGet();
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/token")) {
                tokens.incrementAndGet();
                giveToken(exchange);
            } else {
                giveManifest(exchange, path.split("/manifests/")[0].substring("/v2/".length()));
            }
        } catch (IOException e) {
            // The client finds out that the connection failed.
        }
    }

    private static void giveToken(HttpExchange exchange) throws IOException {
        String scope = exchange.getRequestURI().getQuery().replaceAll(".*scope=", "");
        byte[] body = ("{\"token\": \"" + token(scope) + "\", \"expires_in\": 300}").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(OK, body.length);
        exchange.getResponseBody().write(body);
    }

    private static String token(String scope) {
        return digest(scope).substring("sha256:".length());
    }

    private void giveManifest(HttpExchange exchange, String name) throws IOException {
        String scope = "repository:" + name + ":pull";
        String sent = exchange.getRequestHeaders().getFirst("Authorization");
        if (Objects.equals(sent, "Bearer " + token(scope))) {
            exchange.getResponseHeaders().set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
            exchange.getResponseHeaders().set("Docker-Content-Digest", digest(name));
            exchange.sendResponseHeaders(OK, -1);
        } else {
            exchange.getResponseHeaders()
                    .set(
                            "WWW-Authenticate",
                            "Bearer realm=\"" + url() + "/token\",service=\"bench\",scope=\"" + scope + "\"");
            exchange.sendResponseHeaders(UNAUTHORIZED, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
