package sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads Argo CD's REST API without the plugin. The demo's statements about targets come from it. */
final class ArgoReader {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final String url;
    private final String token;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    ArgoReader(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /**
     * An application as Argo CD reports it.
     *
     * @param revision the commit with which Argo CD compared the application last
     * @param operating whether an operation is requested or running
     * @param operation the id of the last deployment and the start time of the last operation; empty without a
     *     deployment
     * @param deployed the commit of the last deployment; empty without one
     */
    record Target(
            String name,
            String wave,
            String sync,
            String revision,
            String health,
            String message,
            boolean operating,
            String operation,
            String deployed,
            SortedSet<String> images) {

        boolean isWell() {
            return sync.equals("Synced") && health.equals("Healthy") && !operating;
        }
    }

    /** All applications, in the order in which Argo CD lists them. */
    List<Target> targets() {
        return targets("");
    }

    /** The applications of a wave. */
    List<Target> targets(String wave) {
        String selector =
                wave.isEmpty() ? "" : "?selector=" + URLEncoder.encode("wave=" + wave, StandardCharsets.UTF_8);
        List<Target> targets = new ArrayList<>();
        get("/api/v1/applications" + selector).path("items").forEach(item -> targets.add(target(item)));
        return targets;
    }

    Target target(String name) {
        return target(application(name));
    }

    /** The complete JSON of an application. */
    JsonNode application(String name) {
        return get("/api/v1/applications/" + name);
    }

    private static Target target(JsonNode application) {
        JsonNode status = application.path("status");
        JsonNode history = status.path("history");
        JsonNode last = history.path(history.size() - 1);
        SortedSet<String> images = new TreeSet<>();
        status.at("/summary/images").forEach(image -> images.add(image.asText()));
        return new Target(
                application.at("/metadata/name").asText(),
                application.at("/metadata/labels/wave").asText(),
                status.at("/sync/status").asText(),
                status.at("/sync/revision").asText(),
                status.at("/health/status").asText(),
                status.at("/health/message").asText(),
                application.has("operation"),
                last.isMissingNode()
                        ? ""
                        : last.path("id").asText() + " "
                                + status.at("/operationState/startedAt").asText(),
                last.path("revision").asText(),
                images);
    }

    private JsonNode get(String path) {
        try {
            HttpResponse<String> answer =
                    client.send(request(path).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new UnexpectedState(
                        "Argo CD answers " + path + " with " + answer.statusCode() + ": " + answer.body());
            }
            return json.readTree(answer.body());
        } catch (IOException e) {
            throw new UnexpectedState("Argo CD cannot be asked for " + path + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnexpectedState("The demo was interrupted while it asked Argo CD for " + path + ".");
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + token);
    }

    /** Signals each event of Argo CD's application stream from now on. */
    void follow(ChangeSignal news) {
        client.sendAsync(request("/api/v1/stream/applications").build(), HttpResponse.BodyHandlers.ofLines())
                .thenAcceptAsync(answer -> answer.body().forEach(line -> news.tell()));
    }
}
