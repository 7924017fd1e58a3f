package io.jenkins.plugins.gitops.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks with events: what is posted, how it is signed, and what is said of a receiver that does not take it. */
class WebhookSinkTest {

    private static final String CONTROLLER = "https://jenkins.example.com/";

    private final ManualClock clock = new ManualClock();
    private HttpServer server;
    private Headers headers;
    private String body = "";
    private int status = 202;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            headers = exchange.getRequestHeaders();
            body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/hook/s3cret-path";
    }

    private static Mac mac() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("the key".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private WebhookSink sink(List<String> events, List<String> waves) {
        return new WebhookSink(
                new NotificationSettings(url(), events, waves, true),
                CONTROLLER,
                HttpClient.newHttpClient(),
                WebhookSinkTest::mac,
                clock);
    }

    private static WaveEvent event(EventType type, Map<String, String> facts) {
        return WaveEvent.of(
                type,
                "cfg-app",
                Instant.parse("2026-01-02T03:04:05Z"),
                Optional.of(WavePath.of("production")),
                facts,
                Optional.of(CONTROLLER),
                "1");
    }

    @Test
    void anEventIsPostedWithASignatureOfStandardWebhooks() throws Exception {
        WaveEvent event = event(EventType.MERGED, Map.of("change", "4711", "sha", "abc"));

        sink(List.of(), List.of()).deliver(event);

        assertThat(headers.getFirst("Content-Type")).isEqualTo("application/cloudevents+json; charset=utf-8");
        assertThat(headers.getFirst("webhook-id")).isEqualTo(event.id());
        String time = headers.getFirst("webhook-timestamp");
        assertThat(time).isEqualTo("" + clock.instant().getEpochSecond());
        Mac mac = mac();
        mac.update((event.id() + "." + time + "." + body).getBytes(StandardCharsets.UTF_8));
        assertThat(headers.getFirst("webhook-signature"))
                .isEqualTo("v1," + Base64.getEncoder().encodeToString(mac.doFinal()));
        JsonNode posted = Json.parse(body);
        assertThat(posted.path("specversion").asText()).isEqualTo("1.0");
        assertThat(posted.path("id").asText()).isEqualTo(event.id());
        assertThat(posted.path("source").asText()).isEqualTo("/gitops-waves/cfg-app");
        assertThat(posted.path("type").asText()).isEqualTo("dev.cdevents.change.merged.0.3.0");
        assertThat(posted.path("time").asText()).isEqualTo("2026-01-02T03:04:05Z");
        JsonNode data = posted.path("data");
        assertThat(data.path("context").path("type").asText()).isEqualTo("dev.cdevents.change.merged.0.3.0");
        assertThat(data.path("subject").path("id").asText()).isEqualTo("4711");
        assertThat(data.path("subject")
                        .path("content")
                        .path("repository")
                        .path("id")
                        .asText())
                .isEqualTo("cfg-app");
        assertThat(data.path("customData").path("sha").asText()).isEqualTo("abc");
    }

    @ParameterizedTest
    @CsvSource({
        "before,announce,dev.cdevents.service.upgraded.0.3.0",
        "before,rollback,dev.cdevents.service.rolledback.0.3.0",
        "none,promote,dev.cdevents.service.deployed.0.3.0",
    })
    void aDeploymentIsOneOfCdEvents(String before, String operation, String type) throws Exception {
        Map<String, String> facts = Map.of(before, "1", "operation", operation, "identity", "i2");

        sink(List.of(), List.of()).deliver(event(EventType.DEPLOYED, facts));

        JsonNode posted = Json.parse(body);
        assertThat(posted.path("type").asText()).isEqualTo(type);
        JsonNode content = posted.path("data").path("subject").path("content");
        assertThat(content.path("environment").path("id").asText()).isEqualTo("production");
        assertThat(content.path("artifactId").asText()).isEqualTo("pkg:generic/cfg-app@i2");
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void everyEventHasATypeAndItsFacts(EventType type) throws Exception {
        sink(List.of(), List.of()).deliver(event(type, Map.of("reason", "why")));

        JsonNode posted = Json.parse(body);
        String name = posted.path("type").asText();
        assertThat(name).matches("(dev\\.cdevents\\.[a-z.]+[0-9.]+|io\\.jenkins\\.plugins\\.gitops-waves\\.\\w+)");
        JsonNode facts = name.startsWith("dev.") ? posted.path("data").path("customData") : posted.path("data");
        assertThat(facts.path("event").asText()).isEqualTo(type.toString());
        assertThat(facts.path("wave").asText()).isEqualTo("production");
        assertThat(facts.path("reason").asText()).isEqualTo("why");
    }

    @ParameterizedTest
    @CsvSource({
        "302, 'it redirects (status 302)'",
        "404, it answers with status 404",
        "500, it answers with status 500",
    })
    void whatIsNotTakenIsToBeToldAgain(int answer, String said) {
        status = answer;

        assertThatThrownBy(() -> sink(List.of(), List.of()).deliver(event(EventType.HELD, Map.of())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(said)
                .hasMessageNotContaining("s3cret");
    }

    /** The deadline of a request ends with the headers of its answer. */
    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anAnswerThatNeverEndsKeepsBackNothing() throws Exception {
        var released = new CountDownLatch(1);
        server.removeContext("/");
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(202, 1000);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            sink(List.of(), List.of()).deliver(event(EventType.HELD, Map.of()));
        } finally {
            released.countDown();
        }
    }

    @Test
    void aReceiverThatIsAwayIsNamedWithoutItsPath() {
        WebhookSink sink = sink(List.of(), List.of());
        server.stop(0);

        assertThatThrownBy(() -> sink.deliver(event(EventType.HELD, Map.of())))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("s3cret");
        assertThat(sink).asString().startsWith("The receiver http://localhost:").doesNotContain("s3cret");
    }

    @Test
    void nothingIsSentWithoutASecret() {
        var sink = new WebhookSink(
                new NotificationSettings(url(), List.of(), List.of(), true),
                CONTROLLER,
                HttpClient.newHttpClient(),
                () -> {
                    throw new IOException("there is no secret.");
                },
                clock);

        assertThatThrownBy(() -> sink.deliver(event(EventType.HELD, Map.of()))).hasMessage("there is no secret.");
        assertThat(body).isEmpty();
    }

    private static WaveEvent of(WaveEvent event, Optional<WavePath> path, Optional<String> controller) {
        return new WaveEvent(event.id(), event.type(), event.repository(), event.at(), path, event.facts(), controller);
    }

    @Test
    void aReceiverIsToldWhatItWantsByTheControllerThatWroteIt() {
        WaveEvent held = event(EventType.HELD, Map.of());
        WaveEvent ofOther = of(held, held.path(), Optional.of("https://other.example.com/"));
        WaveEvent ofNobody = of(held, Optional.empty(), Optional.empty());

        assertThat(sink(List.of(), List.of()).wants(held)).isTrue();
        assertThat(sink(List.of("held"), List.of("production")).wants(held)).isTrue();
        assertThat(sink(List.of("merged"), List.of()).wants(held)).isFalse();
        assertThat(sink(List.of(), List.of("staging")).wants(held)).isFalse();
        assertThat(sink(List.of(), List.of()).wants(ofOther)).isFalse();
        assertThat(sink(List.of(), List.of()).wants(ofNobody)).isTrue();
        assertThat(sink(List.of(), List.of("production")).wants(ofNobody)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hooks.example.com", "http://hooks.example.com/", "https://user:secret@example.com/"})
    void anAddressThatCannotBeUsedIsRefused(String url) {
        assertThatThrownBy(() -> new NotificationSettings(url, List.of(), List.of(), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("url ")
                .hasMessageNotContaining("secret@");
    }

    @Test
    void anEventThatThereIsNotIsRefused() {
        assertThatThrownBy(() -> new NotificationSettings(url(), List.of("mergd"), List.of(), true))
                .hasMessageContaining("events: \"mergd\" is not an event; write some of queued, merged,");
    }
}
