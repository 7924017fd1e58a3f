package io.jenkins.plugins.gitops.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * An API server of Kubernetes with objects of Flux: lists in pages, watches from a version on with bookmarks, versions
 * that are forgotten (410), and the annotation that asks for a reconciliation.
 */
public final class FluxSimulator implements AutoCloseable {

    public static final String TOKEN = "eyJhbGciOiJSUzI1NiJ9.flux-reader.c2lnbmF0dXJl";

    private static final String END = "";
    private static final JsonMapper JSON = new JsonMapper();

    /** The kinds of objects, with the path of the list of all. */
    public enum Resource {
        GIT_REPOSITORIES("/apis/source.toolkit.fluxcd.io/v1/gitrepositories"),
        KUSTOMIZATIONS("/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations"),
        HELM_RELEASES("/apis/helm.toolkit.fluxcd.io/v2/helmreleases");

        private final String path;

        Resource(String path) {
            this.path = path;
        }
    }

    private final HttpServer server;
    private final String scheme;
    private final boolean wantsToken;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, ObjectNode> objects = new TreeMap<>();
    private final List<String> events = new ArrayList<>();
    private final Map<String, List<BlockingQueue<String>>> watches = new HashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> patches = new CopyOnWriteArrayList<>();
    private int version = 100;
    private int forgotten;
    private volatile int refuse;
    private volatile int pageSize = 500;
    private final List<String> unknown = new CopyOnWriteArrayList<>();
    private volatile Runnable onPatch = () -> {};
    private volatile Runnable beforeFurtherPages = () -> {};

    public FluxSimulator() throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), "http", true);
    }

    /**
     * An API server with TLS.
     *
     * @param knowsByCertificate whether it knows clients by their certificates, and not by the token
     */
    public FluxSimulator(SSLContext tls, boolean knowsByCertificate) throws IOException {
        this(encrypted(tls, knowsByCertificate), "https", !knowsByCertificate);
    }

    private static HttpServer encrypted(SSLContext tls, boolean knowsByCertificate) throws IOException {
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = tls.getDefaultSSLParameters();
                wanted.setNeedClientAuth(knowsByCertificate);
                parameters.setSSLParameters(wanted);
            }
        });
        return server;
    }

    private FluxSimulator(HttpServer server, String scheme, boolean wantsToken) {
        this.server = server;
        this.scheme = scheme;
        this.wantsToken = wantsToken;
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return scheme + "://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What was asked, each as method, path and query. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** What was patched, each as path and document. */
    public List<String> patches() {
        return List.copyOf(patches);
    }

    /** Does not know a kind, as a cluster in which its controller is not installed; to be called first. */
    public void forget(Resource resource) {
        unknown.add(resource.path);
    }

    /** Runs after each patch, such as one that asks for a reconciliation, on the thread that answers it. */
    public void onPatch(Runnable action) {
        onPatch = action;
    }

    /** Answers each request with this status from now on; 0: as it should. */
    public void refuse(int status) {
        refuse = status;
    }

    public void pages(int size) {
        pageSize = size;
    }

    /** Runs before each further page of a list, on the thread that answers it. */
    public void beforeFurtherPages(Runnable action) {
        beforeFurtherPages = action;
    }

    /** Adds an object, or replaces that of its kind, namespace and name, and tells the watches. */
    public synchronized void put(Resource resource, String namespace, String name, String rest) {
        ObjectNode object = (ObjectNode) parse(rest);
        ObjectNode metadata = object.withObject("/metadata");
        metadata.put("namespace", namespace).put("name", name).put("resourceVersion", "" + ++version);
        if (!metadata.has("generation")) {
            metadata.put("generation", 1);
        }
        ObjectNode before = objects.put(key(resource, namespace, name), object);
        tell(resource, before == null ? "ADDED" : "MODIFIED", object);
    }

    public synchronized void delete(Resource resource, String namespace, String name) {
        ObjectNode object = objects.remove(key(resource, namespace, name));
        object.withObject("/metadata").put("resourceVersion", "" + ++version);
        tell(resource, "DELETED", object);
    }

    /** Tells the watches that all is said up to now, which a version that only others had changed reached. */
    public synchronized void bookmark(Resource resource) {
        version += 10;
        tell(resource, "BOOKMARK", (ObjectNode) parse("{\"metadata\":{\"resourceVersion\":\"" + version + "\"}}"));
    }

    /** Ends all watches; of those that begin at an older version than the present one the next is refused. */
    public synchronized void endWatches(boolean forget) {
        if (forget) {
            forgotten = ++version;
        }
        watches.values().forEach(all -> all.forEach(each -> each.add(END)));
        watches.clear();
    }

    public synchronized int watches(Resource resource) {
        return watches.getOrDefault(resource.path, List.of()).size();
    }

    private void tell(Resource resource, String type, ObjectNode object) {
        String event = "{\"type\":\"" + type + "\",\"object\":" + object + "}\n";
        events.add(version + " " + resource.path + " " + event);
        watches.getOrDefault(resource.path, List.of()).forEach(each -> each.add(event));
    }

    private static String key(Resource resource, String namespace, String name) {
        return resource.path + " " + namespace + "/" + name;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        requests.add(exchange.getRequestMethod() + " " + path + "?" + query);
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (wantsToken
                && !("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, "{\"kind\":\"Status\",\"message\":\"Unauthorized\",\"code\":401}");
        } else if (refuse != 0) {
            send(
                    exchange,
                    refuse,
                    "{\"kind\":\"Status\",\"message\":\"" + path + " is forbidden to "
                            + exchange.getRequestHeaders().getFirst("Authorization") + "\",\"code\":" + refuse + "}");
        } else if (unknown.contains(path)) {
            send(exchange, 404, "404 page not found");
        } else if (exchange.getRequestMethod().equals("PATCH")) {
            patches.add(path + " " + new String(body, StandardCharsets.UTF_8));
            send(exchange, 200, "{}");
            onPatch.run();
        } else if (query.contains("watch=1")) {
            watch(exchange, path, Integer.parseInt(query.replaceFirst(".*resourceVersion=(\\d+).*", "$1")));
        } else {
            list(exchange, path, query.contains("continue=") ? query.replaceFirst(".*continue=", "") : "0");
        }
    }

    /**
     * Answers a page of a list.
     *
     * @param token the number of the first object and, but for the first page, the version of the list: all pages have
     *     that of the first
     */
    private void list(HttpExchange exchange, String path, String token) throws IOException {
        String answer;
        String[] parts = token.split("-");
        int from = Integer.parseInt(parts[0]);
        if (from > 0) {
            beforeFurtherPages.run();
        }
        synchronized (this) {
            String listed = parts.length > 1 ? parts[1] : String.valueOf(version);
            List<String> all = objects.entrySet().stream()
                    .filter(each -> each.getKey().startsWith(path + " "))
                    .map(each -> each.getValue().toString())
                    .toList();
            int to = Math.min(all.size(), from + pageSize);
            answer = "{\"metadata\":{\"resourceVersion\":\"" + listed + "\""
                    + (to < all.size() ? ",\"continue\":\"" + to + "-" + listed + "\"" : "") + "},\"items\":["
                    + String.join(",", all.subList(from, to)) + "]}";
        }
        send(exchange, 200, answer);
    }

    private void watch(HttpExchange exchange, String path, int from) throws IOException {
        var queue = new LinkedBlockingQueue<String>();
        synchronized (this) {
            if (from < forgotten) {
                queue.add("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"message\":\"too old"
                        + " resource version\"}}\n");
                queue.add(END);
            }
            for (String event : events) {
                String[] parts = event.split(" ", 3);
                if (Integer.parseInt(parts[0]) > from && parts[1].equals(path)) {
                    queue.add(parts[2]);
                }
            }
            watches.computeIfAbsent(path, none -> new ArrayList<>()).add(queue);
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.flush();
            String event = queue.take();
            while (!event.equals(END)) {
                out.write(event.getBytes(StandardCharsets.UTF_8));
                out.flush();
                event = queue.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /** A GitRepository that has fetched a commit of main. */
    public static String gitRepository(String url, String commit) {
        return """
            {"spec":{"url":"%s","interval":"1m","ref":{"branch":"main"}},
             "status":{"observedGeneration":1,"artifact":{"revision":"main@sha1:%s"},
               "conditions":[{"type":"Ready","status":"True","reason":"Succeeded","message":"stored"}]}}
            """.formatted(url, commit);
    }

    /** A Kustomization that takes what its GitRepository "cfg-app" in its namespace has. */
    public static String kustomization(String applied, String attempted, String ready, String reason, String message) {
        return """
            {"spec":{"interval":"10m","sourceRef":{"kind":"GitRepository","name":"cfg-app"}},
             "status":{"observedGeneration":1,"lastAppliedRevision":"main@sha1:%s",
               "lastAttemptedRevision":"main@sha1:%s",
               "conditions":[{"type":"Ready","status":"%s","reason":"%s","message":"%s","observedGeneration":1}]}}
            """.formatted(applied, attempted, ready, reason, message);
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        endWatches(false);
        server.stop(0);
        threads.shutdownNow();
    }
}
