package io.jenkins.plugins.gitops.world;

import com.sun.net.httpserver.HttpExchange;
import io.jenkins.plugins.gitops.world.ApplicationStore.Event;
import io.jenkins.plugins.gitops.world.ApplicationStore.Version;
import io.jenkins.plugins.gitops.world.ApplicationStore.Watch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One answer that goes on: a line of JSON for each event, or a server-sent event with comments in between that show it
 * is alive. As behind grpc-gateway, not even the status is sent before there is something to say.
 */
final class ArgoCdStream {

    private final HttpExchange exchange;
    private final boolean serverSentEvents;
    private final Duration keepAlive;
    private final ApplicationStore store;
    private final Map<String, String> last = new HashMap<>();
    private boolean begun;

    ArgoCdStream(HttpExchange exchange, boolean serverSentEvents, Duration keepAlive, ApplicationStore store) {
        this.exchange = exchange;
        this.serverSentEvents = serverSentEvents;
        this.keepAlive = keepAlive;
        this.store = store;
    }

    /** Sends events until the stream ends. */
    void send(Watch watch, Predicate<Version> wanted) throws IOException, InterruptedException {
        while (true) {
            Optional<Event> next = watch.next(keepAlive);
            if (next.isEmpty()) {
                if (serverSentEvents && !store.isSilent()) {
                    write(200, ":\n");
                }
                continue;
            }
            Event event = next.get();
            if (event.failure() != null) {
                throw event.failure();
            }
            if (event == Event.BREAK) {
                throw new IOException("Broken off on command.");
            }
            if (wanted.test(event.version())) {
                send(event);
            }
        }
    }

    /** Does not repeat what was sent last of an application; Argo CD distinguishes them by name alone. */
    private void send(Event event) throws IOException {
        String json = "{\"result\":{\"type\":\"" + event.type() + "\",\"application\":"
                + event.version().json() + "}}";
        if (!json.equals(last.put(event.version().name(), json))) {
            write(200, framed(json));
        }
    }

    void end(ArgoCdApiError error) throws IOException {
        write(error.code.status, framed(error.chunk().toString()));
        exchange.close();
    }

    private String framed(String json) {
        return serverSentEvents ? "data: " + json + " \n\n\n" : json + "\n";
    }

    private void write(int status, String text) throws IOException {
        if (!begun) {
            begun = true;
            exchange.getResponseHeaders()
                    .set("Content-Type", serverSentEvents ? "text/event-stream" : "application/json");
            exchange.sendResponseHeaders(status, 0);
        }
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }
}
