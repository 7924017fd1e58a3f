package io.jenkins.plugins.gitops.world;

import static io.jenkins.plugins.gitops.world.ArgoCdTestBed.ORDERS;
import static io.jenkins.plugins.gitops.world.ArgoCdTestBed.URL;
import static io.jenkins.plugins.gitops.world.ArgoCdTestBed.line;
import static io.jenkins.plugins.gitops.world.ArgoCdTestBed.staging;
import static io.jenkins.plugins.gitops.world.ArgoCdTestBed.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.world.ApplicationSpec.Source;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a simulated Argo CD does with an application, as it looks from outside. */
class ArgoCdSimulatorTest extends ArgoCdTestBase {

    private JsonNode status(String name) throws IOException, InterruptedException {
        return bed.client.application(name).path("status");
    }

    /** Takes steps, a second apart, until this one, and says how each of them looks. */
    private List<String> watched(SimulatedApplication application, SyncStep last) throws Exception {
        List<String> seen = new ArrayList<>();
        SyncStep step;
        do {
            bed.turnClock();
            step = application.advance().orElseThrow();
            seen.add(step + ": " + bed.line(application.name()));
        } while (step != last);
        return seen;
    }

    @Test
    void aDeploymentIsSeenInTheOrderOfArgoCd() throws Exception {
        SimulatedApplication application = bed.deployed(staging("a"));
        ArgoCdApiCaller.Lines stream = bed.client.stream("", "*/*");
        assertThat(stream.event().path("type").asText()).isEqualTo("ADDED");

        String sha = bed.commit(ORDERS, "image: orders:new\n");
        List<String> seen = watched(application, SyncStep.ROLLED_OUT);

        assertThat(seen)
                .containsExactly(
                        "OPERATION_REQUESTED: requested - Synced Healthy [orders:old]",
                        "OUT_OF_SYNC: requested - OutOfSync Healthy [orders:old]",
                        "STARTED: requested Running OutOfSync Healthy [orders:old]",
                        "SUCCEEDED: Succeeded finished OutOfSync Healthy [orders:old] stale",
                        "SYNCED: Succeeded finished Synced Healthy [orders:old] stale",
                        "PROGRESSING: Succeeded finished Synced Progressing [orders:new, orders:old]",
                        "ROLLED_OUT: Succeeded finished Synced Healthy [orders:new]");
        for (String step : seen) {
            JsonNode event = stream.event();
            assertThat(event.path("type").asText()).isEqualTo("MODIFIED");
            assertThat(step).endsWith(": " + line(event.path("application")));
        }
        JsonNode status = status("a");
        assertThat(status.path("sync").path("revision").asText()).isEqualTo(sha);
        assertThat(status.path("operationState")
                        .path("syncResult")
                        .path("revision")
                        .asText())
                .isEqualTo(sha);
        assertThat(status.path("history").path(1).path("id").asInt()).isEqualTo(1);
        assertThat(status.path("history").path(1).path("revision").asText()).isEqualTo(sha);
    }

    @Test
    void aHookIsCalledWhileTheOperationRuns() throws Exception {
        List<String> calls = new ArrayList<>();
        try (var receiver = new Receiver(202, bed.client, calls)) {
            SimulatedApplication application = bed.argo.add(staging("a").hook(receiver.hook()));

            assertThat(watched(application, SyncStep.RECONCILED))
                    .containsExactly(
                            "OPERATION_REQUESTED: requested -   []",
                            "OUT_OF_SYNC: requested - OutOfSync Missing []",
                            "STARTED: requested Running OutOfSync Missing []",
                            "APPLIED: requested Running OutOfSync Missing []",
                            "SYNCED: requested Running Synced Missing []",
                            "PROGRESSING: requested Running Synced Progressing [orders:old]",
                            "ROLLED_OUT: requested Running Synced Healthy [orders:old]",
                            "HOOK_CALLED: requested Running Synced Healthy [orders:old]",
                            "SUCCEEDED: Succeeded finished Synced Healthy [orders:old] stale",
                            "RECONCILED: Succeeded finished Synced Healthy [orders:old]");
            assertThat(calls)
                    .containsExactly(
                            "Bearer s3cret {\"application\":\"a\"} requested Running Synced Healthy [orders:old]");
        }
    }

    @Test
    void aHookThatIsNotAnsweredWellFailsTheOperation() throws Exception {
        try (var receiver = new Receiver(500, bed.client, new ArrayList<>())) {
            SimulatedApplication application = bed.argo.add(staging("a").hook(receiver.hook()));

            application.advanceTo(SyncStep.FAILED);

            JsonNode operation = status("a").path("operationState");
            assertThat(operation.path("phase").asText()).isEqualTo("Failed");
            assertThat(operation.path("message").asText())
                    .isEqualTo("one or more synchronization tasks completed unsuccessfully");
            assertThat(operation.at("/syncResult/resources/0/hookPhase").asText())
                    .isEqualTo("Failed");
        }
    }

    /** Takes calls of a hook, and notes how the application looks meanwhile. */
    private static final class Receiver implements AutoCloseable {
        private final HttpServer server;

        Receiver(int answer, ArgoCdApiCaller client, List<String> calls) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/deployed/cfg-app/staging", exchange -> {
                String authorization = exchange.getRequestHeaders().getFirst("Authorization");
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                try {
                    calls.add(authorization + " " + body + " " + line(client.application("a")));
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                exchange.sendResponseHeaders(answer, -1);
                exchange.close();
            });
            server.start();
        }

        PostSyncHook hook() {
            URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/deployed/cfg-app/staging");
            return new PostSyncHook(url, Map.of("Authorization", "Bearer s3cret"), "{\"application\":\"a\"}");
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    @Test
    void aCommitThatChangesNothingForAnApplicationMovesItsRevisionOnly() throws Exception {
        SimulatedApplication application = bed.deployed(staging("a"));
        JsonNode before = status("a");
        String sha = bed.commit("README.md", "Read me.\n");

        bed.turnClock();
        assertThat(application.advance()).contains(SyncStep.COMPARED);

        JsonNode after = status("a");
        assertThat(after.path("sync").path("revision").asText()).isEqualTo(sha);
        assertThat(after.path("reconciledAt").asText())
                .isGreaterThan(before.path("reconciledAt").asText());
        for (String same : List.of("operationState", "history", "health", "summary")) {
            assertThat(after.path(same)).isEqualTo(before.path(same));
        }
    }

    @Test
    void aFailedRevisionIsNotTriedAgain() throws Exception {
        SimulatedApplication application = bed.deployed(staging("a"));
        String sha = bed.commit(ORDERS, "image: orders:new\n");
        application.failNext(1, "Failed", "one or more objects failed to apply");

        application.advanceTo(SyncStep.RECONCILED);
        assertThat(bed.line("a")).isEqualTo("Failed finished OutOfSync Healthy [orders:old]");
        assertThat(status("a").at("/conditions/0/type").asText()).isEqualTo("SyncError");
        assertThat(status("a").at("/conditions/0/message").asText())
                .isEqualTo("Failed last sync attempt to [" + sha + "]: one or more objects failed to apply");
        assertThat(application.advance()).contains(SyncStep.COMPARED);

        bed.commit("README.md", "Read me.\n");
        application.settle();
        assertThat(bed.line("a")).isEqualTo("Succeeded finished Synced Healthy [orders:new]");
        assertThat(status("a").has("conditions")).isFalse();
    }

    @Test
    void anOperationThatIsTriedAgainCountsAsRunningWithATimeAtWhichItFinished() throws Exception {
        SimulatedApplication application = bed.argo.add(staging("a").retries(1));
        application.failNext(1, "Failed", "one or more objects failed to apply");

        application.advanceTo(SyncStep.RETRYING);
        assertThat(bed.line("a")).isEqualTo("requested Running finished OutOfSync Missing []");
        assertThat(status("a").at("/operationState/retryCount").asInt()).isEqualTo(1);
        assertThat(status("a").at("/operationState/message").asText())
                .isEqualTo("one or more objects failed to apply. Retrying attempt #1.");

        application.settle();
        assertThat(bed.line("a")).isEqualTo("Succeeded finished Synced Healthy [orders:old]");

        bed.commit(ORDERS, "image: orders:new\n");
        application.failNext(2, "Error", "no route to host");
        application.settle();
        assertThat(status("a").at("/operationState/message").asText()).isEqualTo("no route to host (retried 1 times).");
    }

    @Test
    void podsDegradeAndRecover() throws Exception {
        SimulatedApplication application = bed.deployed(staging("a"));
        String before = status("a").path("reconciledAt").asText();
        bed.turnClock();
        application.degrade("2 of 3 pods are crashing");
        assertThat(bed.line("a")).isEqualTo("Succeeded finished Synced Degraded [orders:old]");
        assertThat(status("a").at("/health/message").asText()).isEqualTo("2 of 3 pods are crashing");
        assertThat(status("a").path("reconciledAt").asText()).isEqualTo(before);
        application.recover();
        assertThat(bed.line("a")).isEqualTo("Succeeded finished Synced Healthy [orders:old]");

        bed.commit(ORDERS, "image: orders:new\n");
        application.degradeNextRollout("crashing");
        application.advanceTo(SyncStep.PROGRESSING);
        assertThat(bed.line("a")).contains("Progressing");
        application.advanceTo(SyncStep.ROLLED_OUT);
        assertThat(bed.line("a")).isEqualTo("Succeeded finished Synced Degraded [orders:new]");
    }

    @Test
    void anOperationThatWaitsForDegradedPodsFailsAndCallsNoHook() throws Exception {
        List<String> calls = new ArrayList<>();
        try (var receiver = new Receiver(202, bed.client, calls)) {
            SimulatedApplication application = bed.argo.add(staging("a").hook(receiver.hook()));
            application.degradeNextRollout("crashing");

            application.settle();

            assertThat(bed.line("a")).isEqualTo("Failed finished Synced Degraded [orders:old]");
            assertThat(status("a").at("/operationState/message").asText()).endsWith("reason: crashing");
            assertThat(calls).isEmpty();
        }
    }

    @Test
    void aHeldApplicationIsOnlyComparedWhenARefreshAsks() throws Exception {
        SimulatedApplication application = bed.deployed(staging("a"));
        bed.commit(ORDERS, "image: orders:new\n");
        application.hold(true);

        assertThat(application.advance()).isEmpty();
        assertThat(bed.line("a")).isEqualTo("Succeeded finished Synced Healthy [orders:old]");
        assertThat(line(bed.client.application("a?refresh=normal")))
                .isEqualTo("requested - OutOfSync Healthy [orders:old]");
        assertThat(application.advance()).isEmpty();

        application.hold(false);
        application.settle();
        assertThat(bed.line("a")).isEqualTo("Succeeded finished Synced Healthy [orders:new]");
    }

    @Test
    void whatCannotBeComparedIsUnknownAndNamesTheBranchInPlaceOfARevision() throws Exception {
        SimulatedApplication application = bed.deployed(staging("a"));
        application.comparisonError("Manifest generation failed");
        application.advance();
        assertThat(bed.line("a")).isEqualTo("Succeeded finished Unknown Healthy [orders:old]");
        assertThat(status("a").at("/sync/revision").asText()).isEqualTo("main");
        assertThat(status("a").at("/conditions/0/type").asText()).isEqualTo("ComparisonError");
        assertThat(status("a").at("/conditions/0/message").asText()).isEqualTo("Manifest generation failed");

        application.comparisonError("");
        application.advance();
        assertThat(bed.line("a")).isEqualTo("Succeeded finished Synced Healthy [orders:old]");

        bed.argo
                .add(new ApplicationSpec("no-path", URL, "manifests/internal", "main"))
                .advance();
        assertThat(status("no-path").at("/conditions/0/message").asText())
                .isEqualTo("Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code"
                        + " = Unknown desc = manifests/internal: app path does not exist");
        bed.argo
                .add(new ApplicationSpec("no-branch", URL, "manifests/staging", "next"))
                .advance();
        assertThat(status("no-branch").at("/conditions/0/message").asText())
                .endsWith("unable to resolve 'next' to a commit SHA");
        bed.argo
                .add(new ApplicationSpec("no-git", folder.resolve("none").toString(), "", "main"))
                .advance();
        assertThat(status("no-git").at("/conditions/0/message").asText()).contains("failed to list refs: ");
    }

    @Test
    void withSeveralSourcesOnlyThePluralIsFilled() throws Exception {
        String first = bed.commit("values/staging.yaml", "image: sidecar:1\n");
        GitCli.run(bed.config, "branch", "values");
        SimulatedApplication application = bed.argo.add(new ApplicationSpec(
                "a", List.of(new Source(URL, "manifests/staging", "main"), new Source(URL, "values", "values"))));
        application.settle();
        JsonNode status = status("a");
        assertThat(texts(status.at("/summary/images"))).containsExactly("orders:old", "sidecar:1");
        assertThat(status.path("sync").has("revision")).isFalse();
        assertThat(texts(status.at("/sync/revisions"))).containsExactly(first, first);
        assertThat(status.at("/operationState/syncResult/revision").asText()).isEmpty();
        assertThat(texts(status.at("/operationState/syncResult/revisions"))).containsExactly(first, first);
        assertThat(texts(status.at("/history/0/revisions"))).containsExactly(first, first);
        assertThat(bed.client.application("a").at("/spec/source").isMissingNode())
                .isTrue();

        GitCli.run(bed.config, "checkout", "--quiet", "values");
        String second = bed.commit("values/staging.yaml", "image: sidecar:2\n");
        application.settle();
        assertThat(texts(status("a").at("/summary/images"))).containsExactly("orders:old", "sidecar:2");
        assertThat(texts(status("a").at("/sync/revisions"))).containsExactly(first, second);
    }

    @Test
    void aCommitDuringAnOperationIsDeployedByTheNextOne() throws Exception {
        SimulatedApplication application = bed.deployed(staging("a"));
        bed.commit(ORDERS, "image: orders:new\n");
        application.advanceTo(SyncStep.STARTED);
        String newest = bed.commit(ORDERS, "image: orders:newest\n");
        assertThat(bed.client
                        .application("a?refresh=hard")
                        .at("/status/sync/revision")
                        .asText())
                .isEqualTo(newest);

        assertThat(watched(application, SyncStep.STARTED))
                .containsExactly(
                        "SUCCEEDED: Succeeded finished OutOfSync Healthy [orders:old] stale",
                        "SYNCED: Succeeded finished OutOfSync Healthy [orders:old] stale",
                        "OPERATION_REQUESTED: requested - OutOfSync Healthy [orders:old]",
                        "OUT_OF_SYNC: requested - OutOfSync Progressing [orders:new, orders:old]",
                        "STARTED: requested Running OutOfSync Progressing [orders:new, orders:old]");
        application.settle();
        assertThat(bed.line("a")).isEqualTo("Succeeded finished Synced Healthy [orders:newest]");
    }

    @Test
    void aChangedSourceIsDeployed() throws Exception {
        bed.commit("manifests/internal/orders.yaml", "image: orders:internal\n");
        SimulatedApplication application = bed.deployed(staging("a"));

        application.sources(List.of(new Source(URL, "./manifests/internal/", "")));
        application.settle();

        assertThat(bed.line("a")).isEqualTo("Succeeded finished Synced Healthy [orders:internal]");
        assertThat(bed.client.application("a").at("/spec/source/path").asText()).isEqualTo("./manifests/internal/");
    }

    @Test
    void wordsThatNobodyKnowsAreWrittenOnCommand() throws Exception {
        SimulatedApplication application = bed.deployed(staging("a"));
        application.overrideField("/status/health/status", "Sleeping");
        application.overrideField("/status/operationState/phase", "Paused");
        assertThat(bed.line("a")).isEqualTo("Paused finished Synced Sleeping [orders:old]");
        application.clearOverrides();
        assertThat(bed.line("a")).isEqualTo("Succeeded finished Synced Healthy [orders:old]");
    }

    @Test
    void tenDeploymentsAreRemembered() throws Exception {
        SimulatedApplication application = bed.deployed(staging("a"));
        for (int i = 1; i <= 11; i++) {
            bed.client.send("POST", "/api/v1/applications/a/sync", "{}");
            application.settle();
        }
        assertThat(status("a").path("history")).hasSize(10);
        assertThat(status("a").at("/history/0/id").asInt()).isEqualTo(2);
        assertThat(status("a").at("/history/9/id").asInt()).isEqualTo(11);
    }

    @Test
    void theClockDrivesTheStepsAtTheirPace() throws Exception {
        SimulatedApplication application = bed.argo.add(staging("a")
                .pace(SimulationPace.every(Duration.ofSeconds(1)).with(SyncStep.ROLLED_OUT, Duration.ofSeconds(3))));
        List<String> seen = new ArrayList<>();
        for (int second = 0; second < 10; second++) {
            if (second == 2) {
                application.delay(Duration.ofSeconds(1));
            }
            bed.turnClock();
            bed.argo.runDue();
            seen.add(bed.line("a"));
        }

        assertThat(seen)
                .containsExactly(
                        "requested -   []",
                        "requested - OutOfSync Missing []",
                        "requested - OutOfSync Missing []",
                        "requested Running OutOfSync Missing []",
                        "Succeeded finished OutOfSync Missing [] stale",
                        "Succeeded finished Synced Missing [] stale",
                        "Succeeded finished Synced Progressing [orders:old]",
                        "Succeeded finished Synced Progressing [orders:old]",
                        "Succeeded finished Synced Progressing [orders:old]",
                        "Succeeded finished Synced Healthy [orders:old]");
    }

    @Test
    void byItselfItFollowsARepositoryBehindAPassword() throws Exception {
        Path root = Files.createDirectory(folder.resolve("root"));
        try (GitHttpServer git = GitHttpServer.start(root, "argo", "s3cret");
                ArgoCdSimulator live = ArgoCdSimulator.start(folder.resolve("live"), Clock.systemUTC(), 0)) {
            git.create("cfg-app.git", "main");
            GitCli.run(bed.config, "push", "--quiet", git.urlWithPassword("cfg-app.git"), "main");
            live.fetchFrom(git.url("cfg-app.git"), git.urlWithPassword("cfg-app.git"));
            var client = new ArgoCdApiCaller(live.url(), live.token("ci"));
            List<String> calls = new CopyOnWriteArrayList<>();
            try (var receiver = new Receiver(202, client, calls)) {
                live.add(new ApplicationSpec("a", git.url("cfg-app.git"), "manifests/staging", "main")
                        .hook(receiver.hook())
                        .pace(SimulationPace.every(Duration.ofMillis(1))));
                live.runByItself();
                String deployed = "Succeeded finished Synced Healthy ";
                await().until(() -> line(client.application("a")).equals(deployed + "[orders:old]"));
                bed.commit(ORDERS, "image: orders:new\n");
                GitCli.run(bed.config, "push", "--quiet", git.urlWithPassword("cfg-app.git"), "main");
                await().until(() -> line(client.application("a")).equals(deployed + "[orders:new]"));

                assertThat(calls)
                        .hasSize(2)
                        .last()
                        .asString()
                        .endsWith("requested Running Synced Healthy [orders:new]");
            }
        }
    }
}
