package io.jenkins.plugins.gitops.world;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.world.HttpConversation.Entry;
import io.jenkins.plugins.gitops.world.HttpConversation.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded of a server is what it is replaced by. */
class ConversationRecorderTest {

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer system;

    @BeforeEach
    void start() throws IOException {
        system = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var asked = new AtomicInteger();
        system.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders()
                    .set("Content-Type", path.equals("/stream") ? "text/event-stream" : "text/plain");
            exchange.getResponseHeaders()
                    .set("Location", "http://" + exchange.getRequestHeaders().getFirst("Host") + "/");
            exchange.getResponseHeaders().set("Set-Cookie", "secret");
            byte[] body = (path.equals("/stream")
                            ? "data: 1\n\n:\n\ndata: 2\n"
                            : "Ada's answer " + asked.incrementAndGet())
                    .getBytes(StandardCharsets.UTF_8);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(path.equals("/refused") ? 403 : 200, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        system.start();
    }

    @AfterEach
    void stop() {
        system.stop(0);
    }

    private HttpResponse<String> ask(String method, String url, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(url))
                        .method(method, BodyPublishers.ofString(body))
                        .header("Authorization", "Bearer secret")
                        .header("X-Gitea-Event", "push")
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpConversation recorded() throws Exception {
        Path file = folder.resolve("recorded.jsonl");
        var target = URI.create("http://127.0.0.1:" + system.getAddress().getPort());
        try (var recorder = new ConversationRecorder(target, 0, file, Map.of("Ada", "somebody"))) {
            recorder.note("begins at " + recorder.url());
            assertThat(ask("GET", recorder.url() + "/a?b=c", "").body()).isEqualTo("Ada's answer 1");
            assertThat(ask("GET", recorder.url() + "/a?b=c", "").body()).isEqualTo("Ada's answer 2");
            assertThat(ask("HEAD", recorder.url() + "/a?b=c", "").statusCode()).isEqualTo(200);
            assertThat(ask("POST", recorder.url() + "/refused", "from Ada").statusCode())
                    .isEqualTo(403);
            assertThat(ask("GET", recorder.url() + "/stream", "").body()).isEqualTo("data: 1\n\n:\n\ndata: 2\n");
            assertThat(ask("POST", recorder.url() + "/recorded-hook", "{}").statusCode())
                    .isEqualTo(200);
            assertThat(ask("POST", recorder.url() + "/recorded-note", "ends").statusCode())
                    .isEqualTo(200);
        }
        assertThat(file).content().doesNotContain("secret", "Ada", "127.0.0.1");
        return HttpConversation.read(file);
    }

    @Test
    void whatWasSaidIsWrittenInItsOrderWithoutSecretsAndNames() throws Exception {
        HttpConversation recorded = recorded();

        assertThat(recorded.entries())
                .extracting(Entry::kind)
                .containsExactly(
                        Kind.NOTE,
                        Kind.ANSWER,
                        Kind.ANSWER,
                        Kind.ANSWER,
                        Kind.ANSWER,
                        Kind.PART,
                        Kind.PART,
                        Kind.PART,
                        Kind.HOOK,
                        Kind.NOTE);
        assertThat(recorded.of(Kind.NOTE)).extracting(Entry::body).containsExactly("begins at {server}", "ends");
        Entry refused = recorded.of(Kind.ANSWER).get(3);
        assertThat(refused.method() + " " + refused.path()).isEqualTo("POST /refused");
        assertThat(refused.request()).isEqualTo("from somebody");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.headers()).containsEntry("content-type", "text/plain");
        assertThat(recorded.of(Kind.PART)).extracting(Entry::body).containsExactly("data: 1", ":", "data: 2");
        assertThat(recorded.of(Kind.HOOK).get(0).headers()).containsEntry("x-gitea-event", "push");
    }

    @Test
    void theSystemIsReplacedByItsRecording() throws Exception {
        try (var replayer = new ConversationReplayer(recorded())) {
            List<String> answers = List.of(
                    ask("GET", replayer.url() + "/a?b=c", "").body(),
                    ask("GET", replayer.url() + "/a?b=c", "").body(),
                    ask("GET", replayer.url() + "/a?b=c", "").body());
            assertThat(answers).containsExactly("somebody's answer 1", "somebody's answer 2", "somebody's answer 2");
            assertThat(ask("POST", replayer.url() + "/refused", "").headers().firstValue("Location"))
                    .hasValueSatisfying(here -> assertThat(here).doesNotContain("{"));
            HttpResponse<InputStream> stream = client.send(
                    HttpRequest.newBuilder(URI.create(replayer.url() + "/stream"))
                            .build(),
                    BodyHandlers.ofInputStream());
            try (var lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                assertThat(List.of(lines.readLine(), lines.readLine(), lines.readLine()))
                        .containsExactly("data: 1", ":", "data: 2");
            }
            assertThat(replayer.unknown()).isEmpty();
            assertThat(ask("GET", replayer.url() + "/else", "").statusCode()).isEqualTo(404);
            assertThat(replayer.unknown()).containsExactly("GET /else");
        }
    }
}
