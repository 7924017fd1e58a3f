package io.jenkins.plugins.gitops.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Asks a simulated Argo CD as curl would. */
final class ArgoCdApiCaller {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String url;
    private final String token;

    ArgoCdApiCaller(String url, String token) {
        this.url = url;
        this.token = token;
    }

    HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        return HTTP.send(
                request(path)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(path + " is answered with " + answer.statusCode() + ": " + answer.body());
        }
        return parse(answer.body());
    }

    JsonNode application(String name) throws IOException, InterruptedException {
        return json("/api/v1/applications/" + name);
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    /** Reads the lines of a stream in the background, to its end. */
    Lines stream(String query, String accept) {
        var lines = new Lines();
        HTTP.sendAsync(
                        request("/api/v1/stream/applications" + query)
                                .header("Accept", accept)
                                .build(),
                        HttpResponse.BodyHandlers.ofLines())
                .thenAccept(answer -> {
                    try (Stream<String> body = answer.body()) {
                        body.forEach(lines.queue::add);
                    }
                })
                .whenComplete((done, failure) -> lines.queue.add(failure == null ? Lines.END : Lines.BROKEN));
        return lines;
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    /** The lines of a stream as they come. */
    static final class Lines {
        static final String END = "(end)";
        static final String BROKEN = "(broken)";

        private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            String line = queue.poll(10, TimeUnit.SECONDS);
            if (line == null) {
                throw new IllegalStateException("Nothing has come in the stream for ten seconds.");
            }
            return line;
        }

        /** The next event: its type, and the application. */
        JsonNode event() throws InterruptedException {
            return parse(next()).path("result");
        }
    }
}
