package io.jenkins.plugins.gitops.events;

import io.jenkins.plugins.gitops.remote.ConnectionFailure;
import io.jenkins.plugins.gitops.remote.SecretRedaction;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;

/**
 * Posts events to a receiver, each with a signature of Standard Webhooks. The id of a request is that of its event, so
 * that a receiver knows one that it has got already.
 */
public final class WebhookSink implements EventSink {

    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private static final int NO_STATUS_OF_SUCCESS = 300;

    private final NotificationSettings settings;
    private final String controller;
    private final HttpClient client;
    private final Signer signer;
    private final Clock clock;

    /** Makes signatures; asked for each request, so that a changed secret is used at once. */
    @FunctionalInterface
    public interface Signer {
        /**
         * Makes an HMAC-SHA256 with the secret.
         *
         * @throws IOException if there is no secret, with a sentence
         */
        Mac mac() throws IOException;
    }

    /**
     * Creates a sink.
     *
     * @param controller the URL of this controller: it posts what it wrote itself, and what nobody is known to have
     * @param client must not follow redirects
     */
    public WebhookSink(
            NotificationSettings settings, String controller, HttpClient client, Signer signer, Clock clock) {
        if (client.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("An HTTP client that follows redirects would tell others.");
        }
        this.settings = settings;
        this.controller = controller;
        this.client = client;
        this.signer = signer;
        this.clock = clock;
    }

    @Override
    public boolean wants(WaveEvent event) {
        return settings.wants(event)
                && event.controller().filter(other -> !other.equals(controller)).isEmpty();
    }

    @Override
    public void deliver(WaveEvent event) throws IOException {
        String body = CloudEventJson.of(event);
        long now = clock.instant().getEpochSecond();
        Mac mac = signer.mac();
        mac.update((event.id() + "." + now + "." + body).getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create(settings.url()))
                .timeout(DEADLINE)
                .header("Content-Type", CloudEventJson.CONTENT_TYPE)
                .header("webhook-id", event.id())
                .header("webhook-timestamp", Long.toString(now))
                .header("webhook-signature", "v1," + Base64.getEncoder().encodeToString(mac.doFinal()))
                .POST(BodyPublishers.ofString(body))
                .build();
        int status = send(request);
        if (status >= NO_STATUS_OF_SUCCESS) {
            throw new IOException(
                    status < 400
                            ? "it redirects (status " + status + "), which is not followed; name the address that"
                                    + " answers itself."
                            : "it answers with status " + status + "; look at its log.");
        }
    }

    private int send(HttpRequest request) throws IOException {
        try {
            // Only the status counts: the deadline ends with the headers, and a body may never end.
            HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
            answer.body().close();
            return answer.statusCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Jenkins is stopping.");
        } catch (IOException e) {
            // The address may hold a secret, which a failure may repeat.
            SecretRedaction redaction = SecretRedaction.NONE.and(List.of(settings.url()));
            throw new IOException(
                    redaction.redact(ConnectionFailure.describe(e, "its url").orElse("it cannot be reached.")));
        }
    }

    @Override
    public String toString() {
        return "The receiver " + settings.shown();
    }
}
