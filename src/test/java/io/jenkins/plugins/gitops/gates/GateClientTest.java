package io.jenkins.plugins.gitops.gates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.remote.RawHttpServer;
import io.jenkins.plugins.gitops.waves.GateAnswer;
import io.jenkins.plugins.gitops.waves.GateQuestion;
import io.jenkins.plugins.gitops.waves.GateRule;
import io.jenkins.plugins.gitops.waves.WavePath;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gates: other systems that answer well, badly, too much, or not at all. */
class GateClientTest {

    private static final String SECRET = "a-long-secret-of-the-gate";

    private final ManualClock clock = new ManualClock();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> received = new ArrayList<>();
    private HttpServer server;
    private GateClient client;

    /** How the server answers. */
    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private Answer answer = exchange -> send(exchange, 200, "{}");

    @BeforeEach
    void begin() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            received.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            answer.to(exchange);
        });
        server.start();
        client = new GateClient(HttpClient.newBuilder().build(), clock, timer);
    }

    @AfterEach
    void end() {
        server.stop(0);
        threads.shutdownNow();
        timer.shutdownNow();
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private GateQuestion question(String path, String body) {
        var rule = new GateRule(
                "change",
                "http://127.0.0.1:" + server.getAddress().getPort() + path,
                Optional.empty(),
                Optional.ofNullable(body),
                "/ticket/state",
                "approved",
                Duration.ofMinutes(1));
        return GateQuestion.of(rule, "cfg-app", WavePath.of("production", "a \"set\""), "1".repeat(40), "abcd");
    }

    private GateAnswer ask(String reply) {
        answer = exchange -> send(exchange, 200, reply);
        return client.ask(question("/", null), Optional.empty()).join();
    }

    @Test
    void saysYesWhereTheAnswerDoes() {
        assertThat(ask("{\"ticket\": {\"state\": \"approved\"}}"))
                .isEqualTo(new GateAnswer(
                        true,
                        "says \"approved\" at /ticket/state.",
                        clock.instant().plusSeconds(60)));
        assertThat(ask("{\"ticket\": {\"state\": \"open\"}}").yes()).isFalse();
    }

    @Test
    void fillsInTheFactsOfThePromotion() {
        client.ask(
                        question("/check?of={set}&at={wave}", "{\"set\": \"{set}\", \"sha\": \"{revision}\"}"),
                        Optional.of(SECRET))
                .join();
        client.ask(question("/check/{identity}", null), Optional.empty()).join();

        assertThat(received)
                .containsExactly(
                        "POST /check?of=a+%22set%22&at=production Bearer " + SECRET
                                + " {\"set\": \"a \\\"set\\\"\", \"sha\": \"" + "1".repeat(40) + "\"}",
                        "GET /check/abcd null ");
    }

    @Test
    void followsNoRedirect() {
        answer = exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            send(exchange, 302, "");
        };

        GateAnswer answered =
                client.ask(question("/", null), Optional.of(SECRET)).join();

        assertThat(answered.yes()).isFalse();
        assertThat(answered.seen()).contains("status 302", "redirects are not followed");
        assertThat(received).hasSize(1);
        assertThatThrownBy(() -> new GateClient(
                        HttpClient.newBuilder()
                                .followRedirects(HttpClient.Redirect.ALWAYS)
                                .build(),
                        clock,
                        timer))
                .hasMessageContaining("redirects");
    }

    @Test
    void readsNoMoreThanItNeeds() {
        answer = exchange -> {
            exchange.sendResponseHeaders(200, 100L << 20);
            try (OutputStream out = exchange.getResponseBody()) {
                byte[] piece = new byte[1 << 16];
                Arrays.fill(piece, (byte) ' ');
                for (int i = 0; i < 1600; i++) {
                    out.write(piece);
                }
            } catch (IOException e) {
                received.add("cut off");
            }
        };

        GateAnswer answered = client.ask(question("/", null), Optional.empty()).join();

        assertThat(answered.yes()).isFalse();
        assertThat(answered.seen()).contains("more than 64 KiB");
    }

    @Test
    void takesNothingElseForAnAnswer() {
        assertThat(ask("<html>approved</html>").seen())
                .isEqualTo("answers with status 200, and with a body that is not valid JSON.");
        assertThat(ask("{\"ticket\": {\"state\": {}}}").seen()).isEqualTo("has nothing at /ticket/state.");
        assertThat(ask("[]").seen()).isEqualTo("has nothing at /ticket/state.");
        assertThat(ask("{\"ticket\": {\"state\": \"" + "x".repeat(5000) + "\"}}")
                        .seen()
                        .length())
                .isLessThan(150);
        answer = exchange -> send(exchange, 503, "approved");
        assertThat(client.ask(question("/", null), Optional.empty()).join().seen())
                .isEqualTo("answers with status 503.");
    }

    @Test
    void repeatsNoSecret() {
        answer = exchange -> send(exchange, 200, "{\"ticket\": {\"state\": \"" + SECRET + "\"}}");

        assertThat(client.ask(question("/", null), Optional.of(SECRET)).join().seen())
                .doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two\nlines", "smart\u201dquote"})
    void namesASecretThatNoHeaderCanHave(String secret) {
        GateAnswer answered =
                client.ask(question("/", null), Optional.of(secret)).join();

        assertThat(answered.yes()).isFalse();
        assertThat(answered.seen())
                .contains("the secret behind its credentialsId")
                .doesNotContain("lines");
        assertThat(received).isEmpty();
    }

    /** Jenkins may store a secret with a line break, which is not sent. */
    @Test
    void repeatsNoSecretInAnyFormOrPart() {
        for (String stored : List.of(SECRET, SECRET + "\n")) {
            for (String form : RawHttpServer.forms("gate", SECRET)) {
                for (String before : List.of("", "x".repeat(70), "\u202e")) {
                    answer = exchange -> send(
                            exchange,
                            200,
                            Json.writeLine(Json.object()
                                    .set("ticket", Json.object().put("state", before + form + "y".repeat(200)))));

                    String seen = client.ask(question("/", null), Optional.of(stored))
                            .join()
                            .seen();

                    int secret = form.startsWith("userinfo") ? form.indexOf(SECRET) : form.lastIndexOf(' ') + 1;
                    assertThat(seen).as(form).contains("...").doesNotContain(form.substring(secret, secret + 12));
                }
            }
        }
    }

    /** A value that is deep, doubled, endless or no JSON, under a pointer that leads into it. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void takesNoHostileAnswerForAnAnswer() {
        for (String reply : List.of(
                "{\"ticket\":".repeat(5_000) + "1",
                "[".repeat(60_000),
                "{\"ticket\": {\"state\": \"open\", \"state\": \"approved\"}}",
                "{\"ticket\": {\"state\": \"approved\"}} {\"ticket\": {\"state\": \"approved\"}}",
                "{\"ticket\": {\"state\": [\"approved\"]}}",
                "{\"ticket/state\": \"approved\"}",
                "{\"ticket\": {\"state\": \"approved\\u0000\"}}",
                "{\"ticket\": {\"state\": \"Approved\"}}",
                "{\"ticket\": {\"state\": \"\\ud800\"}}",
                "\u0000",
                "")) {
            GateAnswer answered = ask(reply);

            assertThat(answered.yes())
                    .as(reply.substring(0, Math.min(40, reply.length())))
                    .isFalse();
            assertThat(answered.seen()).hasSizeLessThan(200).doesNotContain("\u0000", "\n");
        }
    }

    @Test
    void saysThatNobodyAnswers() {
        int port = server.getAddress().getPort();
        server.stop(0);

        GateAnswer answered = client.ask(question("/", null), Optional.empty()).join();

        assertThat(port).isPositive();
        assertThat(answered.yes()).isFalse();
        assertThat(answered.seen()).isNotBlank();
    }

    @Test
    void aQuestionIsAskedWhenItIsDueAndOneAtATime() {
        var asked = new ArrayList<CompletableFuture<GateAnswer>>();
        var news = new ArrayList<GateQuestion>();
        var questioner = new GateQuestioner(
                clock,
                (question, secret) -> {
                    asked.add(new CompletableFuture<>());
                    return asked.get(asked.size() - 1);
                },
                question -> CompletableFuture.completedFuture(Optional.empty()),
                news::add);
        GateQuestion question = question("/", null);

        assertThat(questioner.of(question)).isEmpty();
        assertThat(questioner.of(question)).isEmpty();
        assertThat(asked).hasSize(1);
        var no = new GateAnswer(false, "says \"open\".", clock.instant().plusSeconds(60));
        asked.get(0).complete(no);
        assertThat(questioner.of(question)).contains(no);
        assertThat(news).hasSize(1);

        clock.turn(Duration.ofSeconds(60));
        assertThat(questioner.of(question))
                .as("what is known while it is asked again")
                .contains(no);
        asked.get(1)
                .complete(
                        new GateAnswer(false, "says \"open\".", clock.instant().plusSeconds(60)));
        assertThat(news).as("nothing new").hasSize(1);

        clock.turn(Duration.ofSeconds(60));
        questioner.of(question);
        asked.get(2).completeExceptionally(new IllegalStateException("there is no secret text \"x\""));
        assertThat(questioner.of(question))
                .get()
                .extracting(GateAnswer::seen)
                .asString()
                .contains("no secret text");
        assertThat(news).hasSize(2);
    }
}
