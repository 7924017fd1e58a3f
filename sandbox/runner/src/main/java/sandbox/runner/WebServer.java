package sandbox.runner;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import io.jenkins.plugins.gitops.pages.WavesPage;
import io.jenkins.plugins.gitops.triggers.AnnouncementBuildStarter;
import io.jenkins.plugins.gitops.webhooks.EndpointRouter;
import io.jenkins.plugins.gitops.webhooks.WebRequest;
import io.jenkins.plugins.gitops.webhooks.WebResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Serves the plugin's HTTP endpoints and its live page with the HTTP server of the JDK. */
public final class WebServer implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(WebServer.class.getName());
    private static final String ROOT = "/" + EndpointRouter.ROOT;
    private static final int THREADS = 96;
    private static final String SECONDS_TO_TALK = "30";

    private final ExecutorService threads =
            Executors.newFixedThreadPool(THREADS, new NamingThreadFactory(new DaemonThreadFactory(), "web"));
    private final HttpServer server;

    private WebServer(HttpServer server) {
        this.server = server;
    }

    /** Binds a port; 0 selects a free one. Requests are answered after {@link #start}. */
    public static WebServer on(String host, int port) throws IOException {
        // In seconds. Without this limit, clients that never complete a request would block the threads.
        System.setProperty("sun.net.httpserver.maxReqTime", SECONDS_TO_TALK);
        System.setProperty("sun.net.httpserver.maxRspTime", SECONDS_TO_TALK);
        // Without it each response waits for the acknowledgement of its headers, 40 ms with most clients.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("Nothing can be served on " + host
                    + ", which is not an address; name one of this machine, such as 127.0.0.1.");
        }
        try {
            return new WebServer(HttpServer.create(address, 0));
        } catch (IOException e) {
            if (NetworkInterface.getByInetAddress(address.getAddress()) == null
                    && !address.getAddress().isAnyLocalAddress()) {
                throw new IOException(
                        "Nothing can be served on " + host
                                + ", which is the address of another machine; name one of this one, such as 127.0.0.1.",
                        e);
            }
            throw new IOException(
                    "Nothing can be served on " + host + ":" + port + " (" + e.getMessage()
                            + "); choose another port, or 0 for any that is free.",
                    e);
        }
    }

    /**
     * Starts to answer requests to the endpoints and the page.
     *
     * @param builds starts builds when images are announced
     */
    public void start(AnnouncementBuildStarter builds, PageShell pages) {
        server.createContext("/", exchange -> handle(exchange, () -> pages.handle(exchange)));
        start(builds);
    }

    /**
     * Starts to answer requests to the endpoints only.
     *
     * @param builds starts builds when images are announced
     */
    public void start(AnnouncementBuildStarter builds) {
        EndpointRouter endpoints = new EndpointRouter(builds);
        server.createContext(ROOT, exchange -> handle(exchange, () -> answer(endpoints, exchange)));
        server.setExecutor(threads);
        server.start();
    }

    /** The URL of the endpoints, without a slash at the end. */
    public String url() {
        return root() + ROOT;
    }

    /** The URL of the page. */
    public String pageUrl() {
        return root() + "/" + WavesPage.ROOT + "/";
    }

    private String root() {
        InetSocketAddress address = server.getAddress();
        return "http://" + address.getHostString() + ":" + address.getPort();
    }

    private static void answer(EndpointRouter endpoints, HttpExchange exchange) throws IOException {
        WebResponse answer = endpoints.answer(new WebRequest(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath().substring(ROOT.length()),
                exchange.getRequestURI().getRawQuery(),
                exchange.getRequestHeaders()::getFirst,
                exchange.getRequestBody(),
                exchange.getRemoteAddress().getAddress().getHostAddress()));
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    /** Answers a request. */
    private interface RequestHandler {
        void run() throws IOException;
    }

    private static void handle(HttpExchange exchange, RequestHandler handling) throws IOException {
        try {
            handling.run();
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "A request could not be answered", e);
            exchange.sendResponseHeaders(500, -1);
        } finally {
            exchange.close();
        }
    }

    /** Stops the server. Responses in progress may take one more second. */
    @Override
    public void close() {
        server.stop(1);
        threads.shutdown();
    }
}
