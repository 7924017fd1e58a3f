package io.jenkins.plugins.gitops.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.common.HexDigest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A registry over real HTTP that holds manifests and fails as it is told. Its token service is a part of it, and lets
 * each token read the one repository of its scope.
 */
public final class FakeRegistry implements AutoCloseable {

    public static final String USER = "puller";
    public static final String PASSWORD = "pull-secret-4711";
    public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";
    public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";

    /** What it wants to see before it says anything. */
    public enum Login {
        NONE,
        BASIC,
        TOKEN
    }

    /** Answers in the place of the registry. */
    @FunctionalInterface
    public interface Fault {
        void answer(HttpExchange exchange) throws IOException;
    }

    private record Held(byte[] body, String mediaType) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Held> manifests = new ConcurrentHashMap<>();
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, String> referrers = new ConcurrentHashMap<>();
    private volatile String blobsElsewhere;
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final Queue<Fault> faults = new ArrayDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> tokensGiven = new CopyOnWriteArrayList<>();
    private final AtomicInteger generation = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostUnderWay = new AtomicInteger();
    private volatile Login login = Login.NONE;
    private volatile String realm;
    private volatile boolean namesDigests = true;

    /** Listens on a free port of the loopback. */
    public FakeRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
        realm = url() + "/token";
    }

    /** As image references name it. */
    public String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    public String url() {
        return "http://" + host();
    }

    /** How an administrator would configure it. */
    public RegistrySettings settings() {
        return new RegistrySettings(url(), Set.of(), true);
    }

    public void login(Login wanted) {
        login = wanted;
    }

    /** Where tokens are to be had, rather than here. */
    public void realm(String address) {
        realm = address;
    }

    /** Does not say digests in headers, as old registries do. */
    public void namesNoDigests() {
        namesDigests = false;
    }

    /** Takes no token from now on that was given before. */
    public void forgetTokens() {
        generation.incrementAndGet();
    }

    /** Answers with an error whenever it is asked for the manifest of a digest. */
    public void failsOn(String digest) {
        failing.add(digest);
    }

    /** Answers the next request so. */
    public void next(Fault fault) {
        synchronized (faults) {
            faults.add(fault);
        }
    }

    /** Answers with a status and nothing else. */
    public static Fault status(int status, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /** Keeps a manifest under its digest and a tag, and returns the digest. */
    public String push(String name, String tag, String mediaType, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String digest = digest(bytes);
        var held = new Held(bytes, mediaType);
        manifests.put(name + "@" + digest, held);
        manifests.put(name + ":" + tag, held);
        return digest;
    }

    /** Keeps a blob, and returns its digest. */
    public String pushBlob(byte[] content) {
        String digest = digest(content);
        blobs.put(digest, content);
        return digest;
    }

    /** Answers with this index when it is asked what refers to a digest; before, it does not know that request. */
    public void refers(String digest, String index) {
        referrers.put(digest, index);
    }

    /** Redirects there for blobs. */
    public void keepsBlobsAt(String address) {
        blobsElsewhere = address;
    }

    /** Keeps the manifest of an image that is told from others by its layer. */
    public String push(String name, String tag, String layer) {
        return push(name, tag, OCI_MANIFEST, manifest(layer));
    }

    public static String manifest(String layer) {
        return """
                {"schemaVersion": 2, "mediaType": "%s",
                 "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2, "digest": "%s"},
                 "layers": [{"digest": "%s", "size": 1}]}""".formatted(OCI_MANIFEST, configDigest(layer), digest(layer));
    }

    /** The digest of the configuration of {@link #manifest}. */
    public static String configDigest(String layer) {
        return digest("config of " + layer);
    }

    public static String digest(String text) {
        return digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(byte[] bytes) {
        return "sha256:" + HexDigest.sha256(bytes);
    }

    /** Method and path of what was asked, in order; of tokens, the query too. */
    public List<String> requests() {
        return requests;
    }

    /** The Authorization headers with which tokens were asked for. */
    public List<String> tokensGiven() {
        return tokensGiven;
    }

    public int mostUnderWay() {
        return mostUnderWay.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        try (exchange) {
            boolean token = exchange.getRequestURI().getPath().equals("/token");
            requests.add(exchange.getRequestMethod() + " "
                    + (token
                            ? exchange.getRequestURI()
                            : exchange.getRequestURI().getPath()));
            Fault fault;
            synchronized (faults) {
                fault = faults.poll();
            }
            if (fault != null) {
                fault.answer(exchange);
            } else if (token) {
                giveToken(exchange);
            } else if (exchange.getRequestURI().getPath().contains("/blobs/")) {
                giveBlob(exchange);
            } else if (exchange.getRequestURI().getPath().contains("/referrers/")) {
                giveReferrers(exchange);
            } else {
                giveManifest(exchange);
            }
        } finally {
            underWay.decrementAndGet();
        }
    }

    private static String authorization(HttpExchange exchange) {
        String sent = exchange.getRequestHeaders().getFirst("Authorization");
        return sent == null ? "" : sent;
    }

    private static String basic() {
        return "Basic " + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    }

    private void giveToken(HttpExchange exchange) throws IOException {
        String sent = authorization(exchange);
        if (!sent.equals(basic())) {
            exchange.sendResponseHeaders(401, -1);
            return;
        }
        tokensGiven.add(sent);
        String scope = exchange.getRequestURI().getQuery().replaceAll(".*scope=", "");
        send(exchange, 200, "application/json", """
                {"token": "%s", "expires_in": 300}""".formatted(token(scope)).getBytes(StandardCharsets.UTF_8));
    }

    private String token(String scope) {
        return Base64.getUrlEncoder().encodeToString((scope + generation).getBytes(StandardCharsets.UTF_8));
    }

    private void giveBlob(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/blobs/");
        if (!isAllowed(exchange, path[0].substring("/v2/".length()))) {
            return;
        }
        byte[] blob = blobs.get(path[1]);
        if (blobsElsewhere != null) {
            exchange.getResponseHeaders().set("Location", blobsElsewhere + "/" + path[1]);
            exchange.sendResponseHeaders(307, -1);
        } else if (blob == null) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            send(exchange, 200, "application/octet-stream", blob);
        }
    }

    private void giveReferrers(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/referrers/");
        if (!isAllowed(exchange, path[0].substring("/v2/".length()))) {
            return;
        }
        String index = referrers.get(path[1]);
        if (index == null) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            send(exchange, 200, OCI_INDEX, index.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void giveManifest(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().equals("/v2/")) {
            if (isAllowed(exchange, "")) {
                send(exchange, 200, "application/json", "{}".getBytes(StandardCharsets.UTF_8));
            }
            return;
        }
        String[] path = exchange.getRequestURI().getPath().split("/manifests/");
        String name = path[0].substring("/v2/".length());
        if (!isAllowed(exchange, name)) {
            return;
        }
        if (failing.contains(path[1])) {
            exchange.sendResponseHeaders(500, -1);
            return;
        }
        Held held = manifests.get(name + (path[1].contains(":") ? "@" : ":") + path[1]);
        if (held == null) {
            send(
                    exchange,
                    404,
                    "application/json",
                    "{\"errors\": [{\"code\": \"MANIFEST_UNKNOWN\"}]}".getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (!String.join(",", exchange.getRequestHeaders().get("Accept")).contains(held.mediaType())) {
            // As the distribution project does, down to schema 1.
            send(
                    exchange,
                    200,
                    "application/vnd.docker.distribution.manifest.v1+prettyjws",
                    "{}".getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (namesDigests) {
            exchange.getResponseHeaders().set("Docker-Content-Digest", digest(held.body()));
        }
        send(exchange, 200, held.mediaType(), held.body());
    }

    private boolean isAllowed(HttpExchange exchange, String name) throws IOException {
        String scope = "repository:" + name + ":pull";
        String sent = authorization(exchange);
        String wanted =
                switch (login) {
                    case NONE -> sent;
                    case BASIC -> basic();
                    case TOKEN -> "Bearer " + token(scope);
                };
        if (!sent.equals(wanted)) {
            exchange.getResponseHeaders()
                    .set(
                            "WWW-Authenticate",
                            login == Login.BASIC
                                    ? "Basic realm=\"Registry Realm\""
                                    : "Bearer realm=\"" + realm + "\",service=\"registry, of tests\",scope=\"" + scope
                                            + ",push\"");
            exchange.sendResponseHeaders(401, -1);
            return false;
        }
        return true;
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", "" + body.length);
        }
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
