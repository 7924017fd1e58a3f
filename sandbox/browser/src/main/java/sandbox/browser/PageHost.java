package sandbox.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.ci.CommitRange;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.explain.ControllerFacts;
import io.jenkins.plugins.gitops.triggers.StartedBuild;
import io.jenkins.plugins.gitops.webhooks.StateResponseCache;
import io.jenkins.plugins.gitops.webhooks.WebRequest;
import io.jenkins.plugins.gitops.webhooks.WebResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import sandbox.runner.PageShell;

/** Serves the live page of a repository whose state tests set. No driver runs. */
public final class PageHost implements AutoCloseable {

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpServer server;
    private final StateResponseCache texts = new StateResponseCache();
    private volatile RepositoryState state;
    private volatile Optional<String> trouble = Optional.empty();
    private volatile Map<String, CommitRange> commits = Map.of();

    /** Starts to serve a state; {@link #close} ends that. */
    public PageHost(RepositoryState state, PageShell.Rights rights) throws IOException {
        this.state = state;
        System.setProperty("sun.net.httpserver.nodelay", "true");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        PageShell pages = new PageShell(
                (job, order) -> new StartedBuild(
                        "A build of " + job + " is queued.",
                        Optional.of("https://jenkins.example.com/job/" + job + "/")),
                rights,
                () -> List.of(state.repository(), "another"));
        server.createContext("/", exchange -> {
            try (exchange) {
                pages.handle(exchange);
            }
        });
        server.createContext("/gitops-waves/state/", this::state);
        server.setExecutor(threads);
        server.start();
    }

    /**
     * Sets the state.
     *
     * @param nextTrouble an error with which the state is served as the last known one; empty if there is none
     */
    public void set(RepositoryState next, Optional<String> nextTrouble) {
        trouble = nextTrouble;
        state = next;
    }

    /** Sets what is known of the commits between releases, by {@code from..to}. */
    public void setCommits(Map<String, CommitRange> known) {
        commits = known;
    }

    public RepositoryState state() {
        return state;
    }

    /** Returns the URL of the page. */
    public String url() {
        return root() + "/waves/" + state.repository() + "/";
    }

    /** Returns the URL of the state. */
    public String stateUrl() {
        return root() + "/gitops-waves/state/" + state.repository();
    }

    private String root() {
        return "http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort();
    }

    private void state(HttpExchange exchange) throws IOException {
        try (exchange) {
            WebResponse answer = texts.answer(
                    state,
                    new ControllerFacts(
                            trouble,
                            List.of(),
                            Map.of(
                                    "commit", "https://git.example.com/acme/cfg-app/commit/{sha}",
                                    "appCommit", "https://git.example.com/acme/app/commit/{sha}",
                                    "appCompare", "https://git.example.com/acme/app/compare/{from}...{to}"),
                            state.waves().stream()
                                    .map(wave -> wave.path().wave())
                                    .collect(Collectors.toSet()),
                            commits),
                    new WebRequest(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getPath(),
                            exchange.getRequestURI().getRawQuery(),
                            exchange.getRequestHeaders()::getFirst,
                            exchange.getRequestBody(),
                            "127.0.0.1"));
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
