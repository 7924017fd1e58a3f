package io.jenkins.plugins.gitops.world;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.world.HttpConversation.Entry;
import io.jenkins.plugins.gitops.world.HttpConversation.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Answers as a real system did: each request with the recorded answers to it, in their order, and then with the last of
 * them again. A request that is not in the recording is answered with 404, and remembered. A stream gets all of its parts
 * at once, and stays open.
 */
public final class ConversationReplayer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, Deque<Entry>> answers = new HashMap<>();
    private final Map<String, List<Entry>> streams = new HashMap<>();
    private final List<String> unknown = new CopyOnWriteArrayList<>();

    /** Starts on a free port of the loopback. */
    public ConversationReplayer(HttpConversation conversation) throws IOException {
        for (Entry entry : conversation.entries()) {
            String request = entry.method() + " " + entry.path();
            if (entry.kind() == Kind.ANSWER) {
                answers.computeIfAbsent(request, key -> new ArrayDeque<>()).add(entry);
            } else if (entry.kind() == Kind.PART) {
                streams.computeIfAbsent(request, key -> new ArrayList<>()).add(entry);
            }
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The requests that the recording has no answer to, as method and path. */
    public List<String> unknown() {
        return List.copyOf(unknown);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            List<Entry> parts = streams.get(request);
            Entry entry = parts == null ? next(request) : parts.get(0);
            if (entry == null) {
                unknown.add(request);
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            entry.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, here(value)));
            if (parts != null) {
                stream(exchange, parts);
                return;
            }
            byte[] body = here(entry.body()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(entry.status(), body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private synchronized Entry next(String request) {
        Deque<Entry> left = answers.get(request);
        if (left == null) {
            return null;
        }
        return left.size() > 1 ? left.remove() : left.peek();
    }

    private void stream(HttpExchange exchange, List<Entry> parts) throws IOException {
        exchange.sendResponseHeaders(parts.get(0).status(), 0);
        OutputStream out = exchange.getResponseBody();
        for (Entry part : parts) {
            out.write((here(part.body()) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        out.flush();
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String here(String text) {
        return text.replace(HttpConversation.SERVER, url());
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
