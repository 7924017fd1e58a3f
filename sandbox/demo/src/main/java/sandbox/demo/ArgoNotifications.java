package sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Sends notifications as Argo CD does with the example configuration. */
final class ArgoNotifications {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Pattern VALUE = Pattern.compile("\\{\\{\\.app((?:\\.\\w+)+)}}");

    private final String url;
    private final Map<?, ?> template;

    /**
     * Reads the example configuration.
     *
     * @param configuration a file with the ConfigMap of Argo CD's notifications
     * @param url the URL of Jenkins, which replaces the one in the file
     */
    ArgoNotifications(Path configuration, String url) throws IOException {
        this.url = url;
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        Map<?, ?> data = (Map<?, ?>) ((Map<?, ?>) yaml.load(Files.readString(configuration))).get("data");
        Map<?, ?> webhook = (Map<?, ?>) yaml.load(data.get("template.deployed").toString());
        this.template = (Map<?, ?>) ((Map<?, ?>) webhook.get("webhook")).get("gitops-waves");
    }

    /** A notification that was sent, and the HTTP status of the response. */
    record SentNotification(String path, String body, int status) {}

    /** Renders the template for an application and sends the result. */
    SentNotification send(JsonNode application, String secret) {
        String path = filled("path", application);
        String body = filled("body", application).strip();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", "application/json")
                .method(template.get("method").toString(), HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<Void> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
            return new SentNotification(path, body.replaceAll("\\s+", " "), answer.statusCode());
        } catch (IOException e) {
            throw new UnexpectedState(
                    "Jenkins cannot be told of a deployment at " + request.uri() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnexpectedState("The demo was interrupted while it told Jenkins of a deployment.");
        }
    }

    private String filled(String part, JsonNode application) {
        return VALUE.matcher(template.get(part).toString())
                .replaceAll(value -> Matcher.quoteReplacement(
                        application.at(value.group(1).replace('.', '/')).asText()));
    }
}
