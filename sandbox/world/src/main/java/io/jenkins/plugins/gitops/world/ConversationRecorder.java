package io.jenkins.plugins.gitops.world;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.world.HttpConversation.Entry;
import io.jenkins.plugins.gitops.world.HttpConversation.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * Stands in front of a real system on this machine, passes on what it is asked and what it answers, and writes both to a
 * file. Passwords and tokens of requests are not written, and names are replaced as the caller says. What comes with the
 * path {@value #HOOKS} or one below it is a hook of the system: it is written as it came, since it may be signed, and
 * answered with 200. A note for the file comes as the body of a {@code POST} to {@value #NOTES}.
 */
public final class ConversationRecorder implements AutoCloseable {

    private static final String HOOKS = "/recorded-hook";
    private static final String NOTES = "/recorded-note";

    /** What of the headers of an answer, or of a hook, says something. */
    private static final List<String> HEADERS = List.of(
            "content-type",
            "docker-content-digest",
            "www-authenticate",
            "link",
            "location",
            "retry-after",
            "x-total-count",
            "x-total",
            "x-next-page",
            "x-gitea-event",
            "x-gitea-event-type",
            "x-gitea-delivery",
            "x-gitea-signature",
            "x-hub-signature",
            "x-hub-signature-256",
            "x-github-event",
            "x-gogs-event");

    private final URI target;
    private final Map<String, String> replacements;
    private final PrintWriter file;
    private final long begin = System.nanoTime();
    private final Map<String, LongAdder> asked = new ConcurrentHashMap<>();
    private volatile Runnable listener = () -> {};
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final HttpServer server;

    /**
     * Begins a recording.
     *
     * @param target the address of the system
     * @param port where to listen, on the loopback; 0 for any free one
     * @param replacements texts of the conversation and what is written for them
     */
    public ConversationRecorder(URI target, int port, Path file, Map<String, String> replacements) throws IOException {
        this.target = target;
        this.replacements = new LinkedHashMap<>(replacements);
        this.file = new PrintWriter(Files.newBufferedWriter(file), true);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        this.replacements.put(target.toString(), HttpConversation.SERVER);
        this.replacements.put(url(), HttpConversation.SERVER);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, "recorder");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::pass);
        server.start();
    }

    /** The address at which the system can be reached through the recorder. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How often a path was asked for, with whatever query. */
    public long asked(String path) {
        return asked.getOrDefault(path, new LongAdder()).sum();
    }

    /** Has something done at each request, after it was counted. */
    public void onRequest(Runnable listener) {
        this.listener = listener;
    }

    /** Writes what happens beside the conversation. */
    public void note(String text) {
        write(Entry.note(now(), neutral(text)));
    }

    private double now() {
        return (System.nanoTime() - begin) / 1_000_000 / 1000.0;
    }

    private synchronized void write(Entry entry) {
        file.println(entry.toLine());
    }

    private String neutral(String text) {
        String written = text;
        for (var replacement : replacements.entrySet()) {
            written = written.replace(replacement.getKey(), replacement.getValue());
        }
        return written;
    }

    private Map<String, String> written(Map<String, List<String>> headers) {
        var written = new TreeMap<String, String>();
        headers.forEach((name, values) -> {
            if (name != null && HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                written.put(name.toLowerCase(Locale.ROOT), neutral(String.join(", ", values)));
            }
        });
        return written;
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] sent = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().toString();
            if (path.equals(NOTES)) {
                note(new String(sent, StandardCharsets.UTF_8));
                exchange.sendResponseHeaders(200, -1);
            } else if (path.startsWith(HOOKS)) {
                write(new Entry(
                        now(),
                        Kind.HOOK,
                        exchange.getRequestMethod(),
                        path,
                        "",
                        0,
                        written(exchange.getRequestHeaders()),
                        new String(sent, StandardCharsets.UTF_8)));
                exchange.sendResponseHeaders(200, -1);
            } else {
                passOn(exchange, path, sent);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void passOn(HttpExchange exchange, String path, byte[] sent) throws IOException, InterruptedException {
        asked.computeIfAbsent(exchange.getRequestURI().getPath(), key -> new LongAdder())
                .increment();
        listener.run();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target + path))
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(sent));
        for (String name : List.of("Authorization", "Accept", "Content-Type")) {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                request.header(name, value);
            }
        }
        HttpResponse<InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
        answer.headers().map().forEach((name, values) -> {
            if (HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        String type = answer.headers().firstValue("Content-Type").orElse("");
        try (InputStream body = answer.body()) {
            if (type.startsWith("text/event-stream")) {
                passOnParts(exchange, path, answer, body);
            } else {
                byte[] whole = body.readAllBytes();
                write(entry(exchange, path, sent, answer, Kind.ANSWER, new String(whole, StandardCharsets.UTF_8)));
                boolean empty = whole.length == 0 || exchange.getRequestMethod().equals("HEAD");
                exchange.sendResponseHeaders(answer.statusCode(), empty ? -1 : whole.length);
                if (!empty) {
                    exchange.getResponseBody().write(whole);
                }
            }
        }
    }

    /** Passes a stream on line by line; lines without content are passed on, and not written. */
    private void passOnParts(HttpExchange exchange, String path, HttpResponse<?> answer, InputStream body)
            throws IOException {
        exchange.sendResponseHeaders(answer.statusCode(), 0);
        OutputStream out = exchange.getResponseBody();
        var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.isBlank()) {
                write(entry(exchange, path, new byte[0], answer, Kind.PART, line));
            }
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    private Entry entry(
            HttpExchange exchange, String path, byte[] sent, HttpResponse<?> answer, Kind kind, String body) {
        return new Entry(
                now(),
                kind,
                exchange.getRequestMethod(),
                neutral(path),
                neutral(new String(sent, StandardCharsets.UTF_8)),
                answer.statusCode(),
                written(answer.headers().map()),
                neutral(body));
    }

    @Override
    public void close() {
        server.stop(0);
        file.close();
    }

    /** Records until it is ended: {@code URL PORT FILE [TEXT=REPLACEMENT]...}. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        if (arguments.length < 3) {
            System.err.println("record needs the URL of the system, a PORT to listen on and a FILE");
            System.exit(64);
        }
        var replacements = new LinkedHashMap<String, String>();
        for (String replacement : List.of(arguments).subList(3, arguments.length)) {
            int sign = replacement.indexOf('=');
            replacements.put(replacement.substring(0, sign), replacement.substring(sign + 1));
        }
        var recorder = new ConversationRecorder(
                URI.create(arguments[0]), Integer.parseInt(arguments[1]), Path.of(arguments[2]), replacements);
        System.out.println("Recording " + arguments[0] + " at " + recorder.url() + " to " + arguments[2]);
        Thread.currentThread().join();
    }
}
