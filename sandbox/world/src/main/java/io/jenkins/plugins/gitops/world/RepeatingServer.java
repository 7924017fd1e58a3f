package io.jenkins.plugins.gitops.world;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A server that refuses every request and repeats the request's headers and body in its response. */
public final class RepeatingServer implements AutoCloseable {

    private final MarkedSecrets marked;
    private final HttpServer server;
    private final Set<String> sent = ConcurrentHashMap.newKeySet();

    private RepeatingServer(MarkedSecrets marked) throws IOException {
        this.marked = marked;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::repeat);
    }

    /** Starts one on a free port. */
    public static RepeatingServer start(MarkedSecrets marked) {
        try {
            var started = new RepeatingServer(marked);
            started.server.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException("A server cannot be started.", e);
        }
    }

    /** Its host and port. */
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Returns the purposes of the secrets that it has received. */
    public Set<String> sent() {
        return Set.copyOf(sent);
    }

    private void repeat(HttpExchange exchange) throws IOException {
        String said =
                exchange.getRequestURI() + " " + exchange.getRequestHeaders().values();
        sent.addAll(marked.in(said));
        boolean asks = exchange.getRequestHeaders().getFirst("Authorization") == null;
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"here\"");
        exchange.getResponseHeaders().set("X-Said", said);
        byte[] body = ("{\"message\": \"" + said + "\"}").getBytes(StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(asks ? 401 : 403, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
