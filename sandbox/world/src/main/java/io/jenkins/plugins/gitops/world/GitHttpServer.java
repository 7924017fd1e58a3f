package io.jenkins.plugins.gitops.world;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real git server on loopback: smart HTTP by git's own {@code http-backend}, behind a user name and a password, for
 * all bare repositories under one folder. Faults that networks and servers have can be ordered one by one.
 */
public final class GitHttpServer implements AutoCloseable {

    /** Prefix of the names of the threads that answer requests. */
    public static final String THREADS = "git-http-";

    private static final AtomicInteger SERVERS = new AtomicInteger();

    static {
        // Without it the JDK's server waits some 40 ms for an acknowledgement before it sends the end of an answer.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Path root;
    private final String user;
    private final String authorization;
    private final HttpServer server;
    private final ExecutorService pool;

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger pushes = new AtomicInteger();
    private final AtomicInteger unavailable = new AtomicInteger();
    private final AtomicInteger droppedRequests = new AtomicInteger();
    private final AtomicInteger lostPushes = new AtomicInteger();
    private final AtomicInteger lostPushAnswers = new AtomicInteger();
    private final Map<String, String> moved = new ConcurrentHashMap<>();
    private final Queue<Runnable> beforePushes = new ConcurrentLinkedQueue<>();
    private volatile boolean authenticationRefused;
    private volatile Optional<Busy> busy = Optional.empty();
    private volatile Duration delay = Duration.ZERO;

    /** What a busy server answers. */
    private record Busy(int status, String retryAfter) {}

    private GitHttpServer(Path root, String user, String password) throws IOException {
        this.root = root.toRealPath();
        this.user = user;
        this.authorization =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        int number = SERVERS.incrementAndGet();
        AtomicInteger threads = new AtomicInteger();
        this.pool = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, THREADS + number + "-" + threads.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(pool);
        server.createContext("/", this::answer);
    }

    /** Starts a server of the bare repositories under the folder on a free port. */
    public static GitHttpServer start(Path root, String user, String password) {
        try {
            var started = new GitHttpServer(root, user, password);
            started.server.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException("The git server for " + root + " cannot be started.", e);
        }
    }

    /** Creates a bare repository, such as {@code app.git}, whose HEAD is the branch. */
    public Path create(String name, String branch) {
        return GitCli.createBare(repository(name), branch);
    }

    /** Returns the folder of a repository. */
    public Path repository(String name) {
        return root.resolve(name);
    }

    /** Returns the URL of a repository, without credentials. */
    public String url(String name) {
        InetSocketAddress address = server.getAddress();
        return "http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + "/" + name;
    }

    /** Returns the URL of a repository with user and password, for the git command line in tests. */
    public String urlWithPassword(String name) {
        String plain = new String(
                Base64.getDecoder().decode(authorization.substring("Basic ".length())), StandardCharsets.UTF_8);
        return url(name).replace("://", "://" + plain + "@");
    }

    /** Returns the number of requests that have arrived, including those that a fault dropped. */
    public int requests() {
        return requests.get();
    }

    /** Returns the number of pushes that have reached git. */
    public int pushes() {
        return pushes.get();
    }

    /** Refuses even the right password from now on, or accepts it again. */
    public void refuseAuthentication(boolean refuse) {
        authenticationRefused = refuse;
    }

    /** Answers the next requests with 503. */
    public void answerUnavailable(int count) {
        unavailable.set(count);
    }

    /**
     * Answers all requests with a status and a header {@code Retry-After}, until {@link #answerAgain}.
     *
     * @param retryAfter the value of the header
     */
    public void answerBusy(int status, String retryAfter) {
        busy = Optional.of(new Busy(status, retryAfter));
    }

    /** Answers requests again. */
    public void answerAgain() {
        busy = Optional.empty();
    }

    /** Closes the connection of the next requests without a response; they do not reach git. */
    public void dropRequests(int count) {
        droppedRequests.set(count);
    }

    /** Cuts the connection of the next pushes before they reach git: nothing changes, which the client cannot know. */
    public void losePushes(int count) {
        lostPushes.set(count);
    }

    /** Carries out the next pushes, but cuts their response: all has changed, which the client cannot know. */
    public void losePushAnswers(int count) {
        lostPushAnswers.set(count);
    }

    /**
     * Answers some requests with a redirect once they bring the right password.
     *
     * @param request a part of the method and address of a request, such as {@code POST /cfg-app/git-receive-pack}
     */
    public void redirect(String request, String location) {
        moved.put(request, location);
    }

    /** Delays every response. */
    public void delay(Duration delay) {
        this.delay = delay;
    }

    /** Runs an action once, after the next push has arrived and before git sees it, so that a test can push first. */
    public void beforeNextPush(Runnable action) {
        beforePushes.add(action);
    }

    /** Sets whether the server offers atomic pushes of a repository. */
    public void offerAtomicPushes(String name, boolean offer) {
        GitCli.run(repository(name), "config", "receive.advertiseAtomic", String.valueOf(offer));
    }

    @Override
    public void close() {
        server.stop(0);
        pool.shutdownNow();
        try {
            pool.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        if (delay.isZero()) {
            answerNow(exchange);
        } else {
            CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, pool)
                    .execute(() -> {
                        try {
                            answerNow(exchange);
                        } catch (IOException e) {
                            exchange.close();
                        }
                    });
        }
    }

    private void answerNow(HttpExchange exchange) throws IOException {
        boolean push = exchange.getRequestMethod().equals("POST")
                && exchange.getRequestURI().getPath().endsWith("/git-receive-pack");
        try (exchange) {
            if (take(droppedRequests)) {
                return;
            }
            if (take(unavailable)) {
                refuse(exchange, 503, "The server is not available now.");
                return;
            }
            Optional<Busy> asked = busy;
            if (asked.isPresent()) {
                exchange.getResponseHeaders().set("Retry-After", asked.get().retryAfter());
                refuse(exchange, asked.get().status(), "The server is busy.");
                return;
            }
            String given = exchange.getRequestHeaders().getFirst("Authorization");
            if (authenticationRefused || !authorization.equals(given)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
                refuse(exchange, 401, "User or password is wrong.");
                return;
            }
            String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            Optional<String> location = moved.entrySet().stream()
                    .filter(entry -> request.contains(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst();
            if (location.isPresent()) {
                exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
                exchange.getResponseHeaders().set("Location", location.get());
                refuse(exchange, 307, "The repository has moved.");
                return;
            }
            if (push && take(lostPushes)) {
                exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
                breakOff(exchange);
                return;
            }
            if (push) {
                pushes.incrementAndGet();
                Runnable action = beforePushes.poll();
                if (action != null) {
                    action.run();
                }
            }
            serve(exchange, push && take(lostPushAnswers));
        }
    }

    private static boolean take(AtomicInteger ordered) {
        return ordered.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }

    private void serve(HttpExchange exchange, boolean loseAnswer) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("git", "http-backend").directory(root.toFile());
        builder.environment().clear();
        builder.environment().putAll(GitCli.environment());
        builder.environment().putAll(variables(exchange));
        Process process = builder.start();
        try {
            CompletableFuture<String> errors = CompletableFuture.supplyAsync(() -> errors(process), pool);
            CompletableFuture<Void> fed = CompletableFuture.runAsync(() -> feed(exchange, process), pool);
            try (InputStream output = process.getInputStream()) {
                if (loseAnswer) {
                    output.transferTo(OutputStream.nullOutputStream());
                    fed.join();
                    breakOff(exchange);
                } else {
                    relay(exchange, output, errors);
                }
            }
        } finally {
            process.destroy();
        }
    }

    /** The variables of a CGI request (RFC 3875) that {@code git http-backend} reads. */
    private Map<String, String> variables(HttpExchange exchange) {
        Map<String, String> variables = new HashMap<>();
        variables.put("GIT_PROJECT_ROOT", root.toString());
        variables.put("GIT_HTTP_EXPORT_ALL", "1");
        variables.put("GATEWAY_INTERFACE", "CGI/1.1");
        variables.put("SERVER_PROTOCOL", exchange.getProtocol());
        variables.put("REQUEST_METHOD", exchange.getRequestMethod());
        variables.put("PATH_INFO", exchange.getRequestURI().getPath());
        variables.put("REMOTE_USER", user);
        variables.put("REMOTE_ADDR", exchange.getRemoteAddress().getAddress().getHostAddress());
        String query = exchange.getRequestURI().getRawQuery();
        variables.put("QUERY_STRING", query == null ? "" : query);
        header(exchange, "Content-Type", variables, "CONTENT_TYPE");
        // Absent for a chunked body: git then reads to the end of its input.
        header(exchange, "Content-Length", variables, "CONTENT_LENGTH");
        header(exchange, "Content-Encoding", variables, "HTTP_CONTENT_ENCODING");
        header(exchange, "Git-Protocol", variables, "GIT_PROTOCOL");
        return variables;
    }

    private static void header(HttpExchange exchange, String header, Map<String, String> variables, String variable) {
        String value = exchange.getRequestHeaders().getFirst(header);
        if (value != null) {
            variables.put(variable, value);
        }
    }

    private static void feed(HttpExchange exchange, Process process) {
        try (OutputStream input = process.getOutputStream()) {
            exchange.getRequestBody().transferTo(input);
        } catch (IOException e) {
            // Git has ended early, or the client has gone: the answer tells the one, and nobody waits in the other.
        }
    }

    private static String errors(Process process) {
        try (InputStream stream = process.getErrorStream()) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static void relay(HttpExchange exchange, InputStream output, CompletableFuture<String> errors)
            throws IOException {
        int status = 200;
        boolean headers = false;
        for (String line = line(output); !line.isEmpty(); line = line(output)) {
            headers = true;
            int colon = line.indexOf(':');
            if (colon < 0) {
                throw new IOException("git http-backend answered with the header line '" + line + "'.");
            }
            String name = line.substring(0, colon).strip();
            String value = line.substring(colon + 1).strip();
            if (name.equalsIgnoreCase("Status")) {
                status = Integer.parseInt(value.split(" ")[0]);
            } else {
                exchange.getResponseHeaders().add(name, value);
            }
        }
        if (!headers) {
            refuse(exchange, 500, "git http-backend gave no answer: " + errors.join());
            return;
        }
        exchange.sendResponseHeaders(status, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            output.transferTo(body);
        }
    }

    private static String line(InputStream stream) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int next = stream.read(); next >= 0 && next != '\n'; next = stream.read()) {
            bytes.write(next);
        }
        return bytes.toString(StandardCharsets.UTF_8).strip();
    }

    private static void refuse(HttpExchange exchange, int status, String sentence) throws IOException {
        byte[] body = (sentence + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** Sends the first byte of a response and cuts the connection; without it, some clients would retry silently. */
    private static void breakOff(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-git-receive-pack-result");
        exchange.sendResponseHeaders(200, 1000);
        exchange.getResponseBody().write('0');
        exchange.getResponseBody().flush();
    }
}
