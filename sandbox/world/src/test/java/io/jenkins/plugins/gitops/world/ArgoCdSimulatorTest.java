package io.jenkins.plugins.gitops.world;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a simulated Argo CD does with an application, and how that looks from outside. */
class ArgoCdSimulatorTest {

    private static final String URL = "https://git.example.com/cfg-app.git";
    private static final String NEW = "docker.example.com/acme/orders:new";
    private static final String OLD = "docker.example.com/acme/orders:old";

    /** A second later with every step, so that each time that is written can be told from the others. */
    private static final class TurnedClock extends Clock {
        private Instant now = Instant.parse("2026-11-24T12:00:00Z");

        void turn() {
            now = now.plusSeconds(1);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @TempDir
    Path folder;

    private final TurnedClock clock = new TurnedClock();
    private Path config;
    private ArgoCdSimulator argo;
    private ArgoCdClient client;

    @BeforeEach
    void start() throws IOException {
        config = Files.createDirectory(folder.resolve("cfg-app"));
        Git.run(config, "init", "--quiet", "--initial-branch=main");
        commit("manifests/staging/orders.yaml", "image: " + OLD + "\n");
        argo = ArgoCdSimulator.start(folder.resolve("argo"), clock, 0);
        argo.fetchFrom(URL, config.toString());
        client = new ArgoCdClient(argo.url(), argo.token("ci"));
    }

    @AfterEach
    void stop() {
        argo.close();
    }

    private String commit(String file, String content) throws IOException {
        Files.createDirectories(config.resolve(file).getParent());
        Files.writeString(config.resolve(file), content);
        Git.run(config, "add", "--all");
        Git.run(config, "commit", "--quiet", "--message", "Write " + file);
        return Git.run(config, "rev-parse", "HEAD").strip();
    }

    private SimulatedApplication deployed(ApplicationSpec spec) {
        SimulatedApplication application = argo.add(spec);
        application.settle();
        return application;
    }

    private static ApplicationSpec staging() {
        return new ApplicationSpec("staging-1", URL, "manifests/staging", "main");
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
    }

    /** What a judge of a rollout looks at, in one line. */
    private static String line(JsonNode application) {
        JsonNode status = application.path("status");
        List<String> images = texts(status.path("summary").path("images"));
        return (application.has("operation") ? "requested " : "")
                + (status.path("operationState").path("phase").asText("-") + " ")
                + (status.path("operationState").has("finishedAt") ? "finished " : "")
                + status.path("sync").path("status").asText() + " "
                + status.path("health").path("status").asText() + " "
                + images.stream().map(image -> image.substring(image.lastIndexOf(':') + 1)).toList()
                + (isFresh(status) ? "" : " stale");
    }

    private static boolean isFresh(JsonNode status) {
        String finished = status.path("operationState").path("finishedAt").asText();
        return status.path("reconciledAt").asText().compareTo(finished) >= 0;
    }

    @Test
    void aDeploymentIsSeenInTheOrderOfArgoCd() throws Exception {
        SimulatedApplication application = deployed(staging());
        ArgoCdClient.Lines stream = client.stream("", "*/*");
        assertThat(stream.event().path("type").asText()).isEqualTo("ADDED");

        String sha = commit("manifests/staging/orders.yaml", "image: " + NEW + "\n");
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            clock.turn();
            String step = application.advance().orElseThrow().toString();
            JsonNode event = stream.event();
            assertThat(event.path("type").asText()).isEqualTo("MODIFIED");
            seen.add(step + ": " + line(event.path("application")));
        }

        assertThat(seen)
                .containsExactly(
                        "OPERATION_REQUESTED: requested - Synced Healthy [old]",
                        "OUT_OF_SYNC: requested - OutOfSync Healthy [old]",
                        "STARTED: requested Running OutOfSync Healthy [old]",
                        "SUCCEEDED: Succeeded finished OutOfSync Healthy [old] stale",
                        "SYNCED: Succeeded finished Synced Healthy [old] stale",
                        "PROGRESSING: Succeeded finished Synced Progressing [new, old]",
                        "ROLLED_OUT: Succeeded finished Synced Healthy [new]");
        JsonNode status = client.application("staging-1").path("status");
        assertThat(status.path("sync").path("revision").asText()).isEqualTo(sha);
        assertThat(status.path("operationState").path("syncResult").path("revision").asText()).isEqualTo(sha);
        assertThat(status.path("history").path(1).path("id").asInt()).isEqualTo(1);
        assertThat(status.path("history").path(1).path("revision").asText()).isEqualTo(sha);
    }

    @Test
    void theHookIsCalledWhileTheOperationRuns() throws Exception {
        List<String> calls = new ArrayList<>();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/deployed", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            try {
                JsonNode now = client.application("staging-1");
                calls.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + body + " " + line(now));
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            exchange.sendResponseHeaders(202, -1);
            exchange.close();
        });
        receiver.start();
        try {
            URI url = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/deployed/cfg-app/staging");
            var hook = new PostSyncHook(url, Map.of("Authorization", "Bearer s3cret"), "{\"application\":\"staging-1\"}");
            SimulatedApplication application = argo.add(staging().hook(hook));

            application.advanceTo(Step.HOOK_CALLED);
            assertThat(calls)
                    .containsExactly("Bearer s3cret {\"application\":\"staging-1\"} "
                            + "requested Running Synced Healthy [old]");

            clock.turn();
            application.advanceTo(Step.SUCCEEDED);
            assertThat(line(client.application("staging-1"))).isEqualTo("Succeeded finished Synced Healthy [old] stale");
            application.advanceTo(Step.RECONCILED);
            assertThat(line(client.application("staging-1"))).isEqualTo("Succeeded finished Synced Healthy [old]");
        } finally {
            receiver.stop(0);
        }
    }

    @Test
    void aCommitThatChangesNothingForAnApplicationMovesItsRevisionOnly() throws Exception {
        SimulatedApplication application = deployed(staging());
        JsonNode before = client.application("staging-1").path("status");
        String sha = commit("README.md", "Read me.\n");

        clock.turn();
        assertThat(application.advance()).contains(Step.COMPARED);

        JsonNode after = client.application("staging-1").path("status");
        assertThat(after.path("sync").path("revision").asText()).isEqualTo(sha);
        assertThat(after.path("reconciledAt").asText()).isGreaterThan(before.path("reconciledAt").asText());
        for (String same : List.of("operationState", "history", "health", "summary")) {
            assertThat(after.path(same)).isEqualTo(before.path(same));
        }
    }

    @Test
    void theClockDrivesTheStepsAtTheirPace() throws Exception {
        argo.add(staging().pace(Pace.every(Duration.ofSeconds(1)).with(Step.ROLLED_OUT, Duration.ofSeconds(3))));
        List<String> seen = new ArrayList<>();
        for (int second = 0; second < 10; second++) {
            clock.turn();
            argo.runDue();
            seen.add(line(client.application("staging-1")));
        }

        assertThat(seen)
                .containsExactly(
                        "requested -   []",
                        "requested - OutOfSync Missing []",
                        "requested Running OutOfSync Missing []",
                        "Succeeded finished OutOfSync Missing [] stale",
                        "Succeeded finished Synced Missing [] stale",
                        "Succeeded finished Synced Progressing [old]",
                        "Succeeded finished Synced Progressing [old]",
                        "Succeeded finished Synced Progressing [old]",
                        "Succeeded finished Synced Healthy [old]",
                        "Succeeded finished Synced Healthy [old]");
    }
}
