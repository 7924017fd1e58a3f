package io.jenkins.plugins.gitops.world;

import static io.jenkins.plugins.gitops.world.ArgoCdTestBed.ORDERS;
import static io.jenkins.plugins.gitops.world.ArgoCdTestBed.staging;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.world.HttpConversation.Entry;
import io.jenkins.plugins.gitops.world.HttpConversation.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * The simulated Argo CD held against recordings of Argo CD 3.5.1: the same things follow upon each other, and what it
 * writes is written by the real one too. Where the real one writes two changes at once that it could also write apart,
 * the simulated one writes them apart, since that is harder to judge; so operations, comparison, health, images and
 * staleness are held against the recording one by one.
 */
class ArgoCdSimulatorRecordedTest extends ArgoCdTestBase {

    private static final Path RECORDINGS = Path.of("src/test/resources/recorded/argocd-3.5.1");
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What the simulated one leaves out: single resources, of which it has none, what nobody reads, and the five retries
     * that the real one has by default.
     */
    private static final List<String> LEFT_OUT = List.of(
            "status/resources/",
            "status/resourceHealthSource",
            "status/sourceType",
            "status/operationState/syncResult/resources/",
            "status/operationState/operation/retry/limit",
            "operation/retry/limit");

    /** What of an application is put in order. */
    private static final Map<String, Function<JsonNode, String>> ASPECTS = Map.of(
            "operation",
            ArgoCdSimulatorRecordedTest::operation,
            "sync",
            application -> application.at("/status/sync/status").asText(),
            "health",
            application -> application.at("/status/health/status").asText(),
            "number of images",
            application ->
                    String.valueOf(application.at("/status/summary/images").size()),
            "stale",
            application -> String.valueOf(application
                            .at("/status/reconciledAt")
                            .asText()
                            .compareTo(application
                                    .at("/status/operationState/finishedAt")
                                    .asText())
                    < 0));

    private static String operation(JsonNode application) {
        JsonNode state = application.at("/status/operationState");
        return (application.has("operation") ? "requested " : "")
                + state.path("phase").asText("-")
                + (state.has("finishedAt") ? " finished" : "");
    }

    private static Path recordings() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve(RECORDINGS))) {
            here = here.getParent();
        }
        return here.resolve(RECORDINGS);
    }

    /** What the stream said of the one application after a commit and before the next; the first is what was before. */
    private static List<JsonNode> recorded(String scene, int commit) throws IOException {
        var said = new ArrayList<JsonNode>();
        int commits = 0;
        JsonNode last = null;
        for (Entry entry :
                HttpConversation.read(recordings().resolve(scene + ".jsonl")).entries()) {
            if (entry.kind() == Kind.NOTE && entry.body().contains("\"commit\"")) {
                commits++;
                if (commits == commit && last != null) {
                    said.add(last);
                }
            } else if (entry.kind() == Kind.PART && entry.body().startsWith("data: ")) {
                last = JSON.readTree(entry.body().substring("data: ".length())).at("/result/application");
                if (commits == commit) {
                    said.add(last);
                }
            }
        }
        return said;
    }

    /** Takes steps, a second apart, until this one, and returns the application before and after each. */
    private List<JsonNode> simulated(SimulatedApplication application, SyncStep end) throws Exception {
        var said = new ArrayList<JsonNode>();
        said.add(bed.client.application(application.name()));
        SyncStep step;
        do {
            bed.turnClock();
            step = application.advance().orElseThrow();
            said.add(bed.client.application(application.name()));
        } while (step != end);
        return said;
    }

    private static List<String> order(List<JsonNode> said, Function<JsonNode, String> aspect) {
        var order = new ArrayList<String>();
        for (JsonNode application : said) {
            String now = aspect.apply(application);
            if (order.isEmpty() || !order.get(order.size() - 1).equals(now)) {
                order.add(now);
            }
        }
        return order;
    }

    private static void assertSameOrder(List<JsonNode> simulated, List<JsonNode> recorded) {
        ASPECTS.forEach(
                (name, aspect) -> assertThat(order(simulated, aspect)).as(name).isEqualTo(order(recorded, aspect)));
    }

    @Test
    void aDeploymentIsInTheOrderOfTheRealOne() throws Exception {
        SimulatedApplication application = bed.deployed(staging("a"));
        bed.commit(ORDERS, "image: orders:new\n");

        assertSameOrder(simulated(application, SyncStep.ROLLED_OUT), recorded("green", 2));
    }

    @Test
    void aCommitThatChangesNothingThereIsInTheOrderOfTheRealOne() throws Exception {
        SimulatedApplication application = bed.deployed(staging("a"));
        bed.commit("README.md", "Read me.\n");

        assertSameOrder(simulated(application, SyncStep.COMPARED), recorded("green", 3));
    }

    @Test
    void triesThatFailAreInTheOrderOfTheRealOne() throws Exception {
        SimulatedApplication application = bed.deployed(staging("a").retries(2));
        bed.commit(ORDERS, "image: orders:new\n");
        application.failNext(3, "Failed", "one or more objects failed to apply");
        List<JsonNode> recorded = recorded("red", 2);

        List<JsonNode> simulated = simulated(application, SyncStep.RECONCILED);

        for (String aspect : List.of("operation", "sync", "health", "number of images")) {
            assertThat(order(simulated, ASPECTS.get(aspect)))
                    .as(aspect)
                    .isEqualTo(order(recorded, ASPECTS.get(aspect)));
        }
        // How often it is compared between two tries is a matter of time.
        JsonNode end = recorded.get(recorded.size() - 1);
        assertThat(texts(end.at("/status/conditions"), "type")).containsExactly("SyncError");
        assertThat(texts(simulated.get(simulated.size() - 1).at("/status/conditions"), "type"))
                .containsExactly("SyncError");
    }

    @Test
    void hooksAreInTheOrderOfTheRealOne() throws Exception {
        assertHook(202, SyncStep.RECONCILED, "hook", 2);
    }

    @Test
    void aHookThatFailsIsInTheOrderOfTheRealOne() throws Exception {
        assertHook(500, SyncStep.RECONCILED, "hook", 3);
    }

    private void assertHook(int answer, SyncStep end, String scene, int commit) throws Exception {
        var answers = new ArrayList<Integer>(List.of(202, answer));
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            exchange.sendResponseHeaders(answers.remove(0), -1);
            exchange.close();
        });
        receiver.start();
        try {
            URI url = URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/");
            SimulatedApplication application = bed.deployed(staging("a").hook(new PostSyncHook(url, Map.of(), "{}")));
            bed.commit(ORDERS, "image: orders:new\n");

            assertSameOrder(simulated(application, end), recorded(scene, commit));
        } finally {
            receiver.stop(0);
        }
    }

    @Test
    void aSyncWindowRefusesInTheWordsOfTheRealOne() throws Exception {
        SimulatedApplication application = bed.deployed(staging("a").manual());
        application.close(true);

        HttpResponse<String> answer =
                bed.client.send("POST", "/api/v1/applications/" + application.name() + "/sync", "{}");

        Entry recorded = HttpConversation.read(recordings().resolve("windows.jsonl")).of(Kind.ANSWER).stream()
                .filter(entry -> entry.path().endsWith("/windows-deny/sync"))
                .findFirst()
                .orElseThrow();
        assertThat(answer.statusCode()).isEqualTo(recorded.status());
        assertThat(JSON.readTree(answer.body())).isEqualTo(JSON.readTree(recorded.body()));
    }

    @Test
    void whatIsWrittenIsWrittenByTheRealOneToo() throws Exception {
        SimulatedApplication application = bed.deployed(staging("a"));
        bed.commit(ORDERS, "image: orders:new\n");
        Set<String> real = new TreeSet<>();
        for (Entry entry :
                HttpConversation.read(recordings().resolve("green.jsonl")).of(Kind.ANSWER)) {
            JsonNode body = JSON.readTree(entry.body());
            written(body.has("items") ? body.path("items").path(0) : body, real);
        }
        recorded("green", 2).forEach(said -> written(said, real));
        Set<String> simulated = new TreeSet<>();
        simulated(application, SyncStep.ROLLED_OUT).forEach(said -> written(said, simulated));

        assertThat(real).containsAll(simulated);
        real.removeAll(simulated);
        assertThat(real)
                .as("what the simulated one leaves out")
                .allMatch(path -> LEFT_OUT.stream().anyMatch(path::startsWith));
    }

    /** What Argo CD writes of an application; the rest of it is what somebody has asked for. */
    private static void written(JsonNode application, Set<String> found) {
        paths(application.path("status"), "status", found);
        paths(application.path("operation"), "operation", found);
    }

    private static void paths(JsonNode node, String path, Set<String> found) {
        node.properties().forEach(field -> paths(field.getValue(), path + "/" + field.getKey(), found));
        node.elements().forEachRemaining(element -> {
            if (node.isArray()) {
                paths(element, path + "/*", found);
            }
        });
        if (!node.isContainerNode()) {
            found.add(path);
        }
    }

    private static List<String> texts(JsonNode array, String field) {
        var found = new ArrayList<String>();
        array.forEach(element -> found.add(element.path(field).asText()));
        return found;
    }
}
