package io.jenkins.plugins.gitops.world;

import static io.jenkins.plugins.gitops.world.ArgoCdTestBed.ORDERS;
import static io.jenkins.plugins.gitops.world.ArgoCdTestBed.URL;
import static io.jenkins.plugins.gitops.world.ArgoCdTestBed.line;
import static io.jenkins.plugins.gitops.world.ArgoCdTestBed.staging;
import static io.jenkins.plugins.gitops.world.ArgoCdTestBed.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.world.ArgoCdSimulator.Request;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a simulated Argo CD answers, and how it fails to. */
class ArgoCdApiTest extends ArgoCdTestBase {

    private static final String APPLICATIONS = "/api/v1/applications";
    private static final String NO_SESSION =
            "{\"error\":\"no session information\",\"code\":16,\"message\":\"no session information\"}";
    private static final String DENIED =
            "{\"error\":\"permission denied\",\"code\":7,\"message\":\"permission denied\"}";

    private static void assertAnswer(HttpResponse<String> answer, int status, String body) {
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.statusCode()).isEqualTo(status);
    }

    private ArgoCdApiCaller clientWith(String token) {
        return new ArgoCdApiCaller(bed.argo.url(), token);
    }

    private List<String> names(String query) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        bed.client
                .json(APPLICATIONS + query)
                .path("items")
                .forEach(item -> names.add(item.at("/metadata/name").asText()));
        return names;
    }

    @Test
    void whoHasNoValidTokenIsRefused() throws Exception {
        assertAnswer(clientWith("").get(APPLICATIONS), 401, NO_SESSION);
        assertThat(clientWith("wrong").get(APPLICATIONS).body()).contains("invalid session: token is malformed");

        ArgoCdApiCaller briefly =
                clientWith(bed.argo.readToken("ci", bed.clock.instant().plusSeconds(1)));
        assertThat(briefly.get(APPLICATIONS).statusCode()).isEqualTo(200);
        bed.turnClock();
        HttpResponse<String> expired = briefly.get(APPLICATIONS);
        assertThat(expired.statusCode()).isEqualTo(401);
        assertThat(expired.body()).contains("token is expired");

        String token = bed.argo.token("leaver");
        bed.argo.revoke(token);
        assertThat(clientWith(token).get(APPLICATIONS).statusCode()).isEqualTo(401);
    }

    @Test
    void aTokenSeesTheApplicationsOfItsProjectsOnly() throws Exception {
        bed.argo.add(staging("ours").project("shop"));
        bed.argo.add(staging("theirs").project("bank"));
        ArgoCdApiCaller shop = clientWith(bed.argo.token("ci", "shop"));

        assertThat(shop.json(APPLICATIONS).path("items")).hasSize(1);
        assertThat(shop.get(APPLICATIONS + "/ours").statusCode()).isEqualTo(200);
        assertThat(shop.get(APPLICATIONS + "/ours?project=shop").statusCode()).isEqualTo(200);
        assertAnswer(shop.get(APPLICATIONS + "/theirs"), 403, DENIED);
        assertAnswer(shop.get(APPLICATIONS + "/theirs?project=bank"), 403, DENIED);
        assertAnswer(shop.get(APPLICATIONS + "/none"), 403, DENIED);
        String missing = "applications.argoproj.io \\\"%s\\\" not found";
        String body = "{\"error\":\"" + missing + "\",\"code\":5,\"message\":\"" + missing + "\"}";
        assertAnswer(shop.get(APPLICATIONS + "/none?project=shop"), 404, body.replace("%s", "none"));
        assertAnswer(shop.get(APPLICATIONS + "/theirs?project=shop"), 404, body.replace("%s", "theirs"));
    }

    @Test
    void listsAreNarrowedByLabelProjectNameAndNamespace() throws Exception {
        bed.argo.add(staging("eu-1").label("wave", "staging").label("region", "eu"));
        bed.argo.add(staging("us-1").label("wave", "staging").label("region", "us"));
        bed.argo.add(staging("eu").label("wave", "internal").project("shop"));
        bed.argo.add(staging("eu-1").namespace("team"));

        assertThat(names("")).containsExactly("eu", "eu-1", "eu-1", "us-1");
        assertThat(names("?selector=wave%3Dstaging")).containsExactly("eu-1", "us-1");
        assertThat(names("?selector=wave,region%20in%20(us,asia)")).containsExactly("us-1");
        assertThat(names("?selector=region!%3Deu,wave")).containsExactly("eu", "us-1");
        assertThat(names("?selector=!wave")).containsExactly("eu-1");
        assertThat(names("?projects=shop&projects=bank")).containsExactly("eu");
        assertThat(names("?project=shop")).containsExactly("eu");
        assertThat(names("?appNamespace=team")).containsExactly("eu-1");
        assertThat(names("?name=us-1")).containsExactly("us-1");
        assertThat(names("?repo=" + URL + "/other")).isEmpty();
        assertThat(bed.client.get(APPLICATIONS + "?selector=a%20in%20b").statusCode())
                .isEqualTo(500);
        assertThat(bed.client
                        .application("eu-1?appNamespace=team")
                        .at("/metadata/namespace")
                        .asText())
                .isEqualTo("team");
    }

    @Test
    void aRefreshComparesWithGitBeforeItAnswers() throws Exception {
        bed.deployed(staging("a"));
        long version =
                bed.client.application("a").at("/metadata/resourceVersion").asLong();
        String sha = bed.commit(ORDERS, "image: orders:new\n");
        assertThat(bed.line("a")).isEqualTo("Succeeded finished Synced Healthy [orders:old]");

        JsonNode refreshed = bed.client.application("a?refresh=normal");

        assertThat(line(refreshed)).isEqualTo("requested - OutOfSync Healthy [orders:old]");
        assertThat(refreshed.at("/status/sync/revision").asText()).isEqualTo(sha);
        assertThat(refreshed.at("/operation/initiatedBy/automated").asBoolean()).isTrue();
        assertThat(refreshed.at("/metadata/resourceVersion").asLong()).isGreaterThan(version);
    }

    @Test
    void anOperationIsAskedForByPost() throws Exception {
        SimulatedApplication application = bed.argo.add(staging("a").manual());
        application.settle();
        assertThat(bed.line("a")).isEqualTo("- OutOfSync Missing []");

        HttpResponse<String> answer = bed.client.send("POST", APPLICATIONS + "/a/sync", "{\"prune\":true}");
        assertThat(line(ArgoCdApiCaller.parse(answer.body()))).isEqualTo("requested - OutOfSync Missing []");
        assertThat(ArgoCdApiCaller.parse(answer.body())
                        .at("/operation/initiatedBy/username")
                        .asText())
                .isEqualTo("ci");
        HttpResponse<String> second = bed.client.send("POST", APPLICATIONS + "/a/sync", "{}");
        assertThat(second.statusCode()).isEqualTo(400);
        assertThat(second.body()).contains("another operation is already in progress");
        application.settle();
        assertThat(bed.line("a")).isEqualTo("Succeeded finished Synced Healthy [orders:old]");

        String old = GitCli.run(bed.config, "rev-parse", "HEAD").strip();
        bed.commit(ORDERS, "image: orders:new\n");
        application.settle();
        assertThat(bed.line("a")).isEqualTo("Succeeded finished OutOfSync Healthy [orders:old]");
        bed.client.send("POST", APPLICATIONS + "/a/sync", "{\"revision\":\"" + old + "\"}");
        application.advanceTo(SyncStep.SUCCEEDED);
        assertThat(bed.client
                        .application("a")
                        .at("/status/operationState/syncResult/revision")
                        .asText())
                .isEqualTo(old);
    }

    @Test
    void anOperationIsRefusedToWhomOrWhereItMayNotBe() throws Exception {
        bed.deployed(staging("a"));
        ArgoCdApiCaller reader = clientWith(bed.argo.readToken("reader", Instant.MAX));

        HttpResponse<String> denied = reader.send("POST", APPLICATIONS + "/a/sync", "");
        assertThat(denied.statusCode()).isEqualTo(403);
        assertThat(denied.body()).contains("permission denied: applications, sync, default/a, sub: reader");
        HttpResponse<String> fixed = bed.client.send("POST", APPLICATIONS + "/a/sync", "{\"revision\":\"next\"}");
        assertThat(fixed.statusCode()).isEqualTo(400);
        assertThat(fixed.body()).contains("Cannot sync to next: auto-sync currently set to main");
        assertThat(bed.client.send("POST", APPLICATIONS + "/a/sync", "{").statusCode())
                .isEqualTo(400);
        assertThat(bed.client
                        .send("POST", APPLICATIONS + "/a/sync", "{\"project\":\"shop\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(bed.client.get("/api/v1/clusters").statusCode()).isEqualTo(404);
    }

    @Test
    void aStreamTellsOfEverythingThatIsSelected() throws Exception {
        SimulatedApplication first = bed.argo.add(staging("a").label("wave", "staging"));
        SimulatedApplication other = bed.argo.add(staging("b").label("wave", "internal"));
        ArgoCdApiCaller.Lines stream = bed.client.stream("?selector=wave%3Dstaging", "*/*");
        JsonNode added = stream.event();
        assertThat(added.path("type").asText()).isEqualTo("ADDED");
        assertThat(added.path("application")).isEqualTo(bed.client.application("a"));

        other.advance();
        first.label("region", "eu");
        assertThat(stream.event().at("/application/metadata/labels/region").asText())
                .isEqualTo("eu");
        bed.argo.add(staging("c").label("wave", "staging"));
        assertThat(stream.event().path("type").asText()).isEqualTo("ADDED");
        bed.argo.remove(first);
        JsonNode deleted = stream.event();
        assertThat(deleted.path("type").asText()).isEqualTo("DELETED");
        assertThat(deleted.at("/application/metadata/name").asText()).isEqualTo("a");
        assertThat(names("")).containsExactly("b", "c");
    }

    @Test
    void aStreamFromAVersionOnTellsOfWhatIsNewer() throws Exception {
        SimulatedApplication application = bed.argo.add(staging("a"));
        String version =
                bed.client.json(APPLICATIONS).at("/metadata/resourceVersion").asText();
        ArgoCdApiCaller.Lines stream = bed.client.stream("?resourceVersion=" + version, "*/*");
        await().until(() -> bed.argo.streams() == 1);

        application.label("region", "eu");

        assertThat(stream.event().path("type").asText()).isEqualTo("MODIFIED");
        assertThat(bed.client.stream("?resourceVersion=" + version + "&name=a", "*/*")
                        .event()
                        .path("type")
                        .asText())
                .isEqualTo("ADDED");
    }

    @Test
    void serverSentEventsAreKeptAlive() throws Exception {
        bed.argo.add(staging("a"));
        bed.argo.keepAlive(Duration.ofMillis(20));
        ArgoCdApiCaller.Lines stream = bed.client.stream("", "text/event-stream");

        String event = stream.next();
        assertThat(event).startsWith("data: {\"result\":{\"type\":\"ADDED\",").endsWith("}} ");
        assertThat(stream.next()).isEmpty();
        assertThat(stream.next()).isEmpty();
        assertThat(stream.next()).isEqualTo(":");
    }

    @Test
    void aStreamIsRefusedInItsOwnForm() throws Exception {
        String body = "{\"error\":{\"grpc_code\":16,\"http_code\":401,\"message\":\"no session information\","
                + "\"http_status\":\"Unauthorized\"}}\n";
        assertAnswer(clientWith("").get("/api/v1/stream/applications"), 401, body);
    }

    @Test
    void streamsBreakFailAndFallSilent() throws Exception {
        SimulatedApplication application = bed.argo.add(staging("a"));
        ArgoCdApiCaller.Lines broken = bed.client.stream("", "*/*");
        broken.event();
        bed.argo.faults().dropStreams();
        assertThat(broken.next()).isEqualTo(ArgoCdApiCaller.Lines.BROKEN);

        ArgoCdApiCaller.Lines failed = bed.client.stream("", "*/*");
        failed.event();
        bed.argo.faults().failStreams(503, "the server is shutting down");
        assertThat(failed.next())
                .isEqualTo("{\"error\":{\"grpc_code\":14,\"http_code\":503,\"message\":\"the server is shutting down\","
                        + "\"http_status\":\"Service Unavailable\"}}");
        assertThat(failed.next()).isEqualTo(ArgoCdApiCaller.Lines.END);

        ArgoCdApiCaller.Lines silent = bed.client.stream("", "*/*");
        silent.event();
        bed.argo.faults().silenceStreams(true);
        application.advance();
        bed.argo.faults().silenceStreams(false);
        application.advance();
        assertThat(line(silent.event().path("application"))).isEqualTo("requested - OutOfSync Missing []");
    }

    @Test
    void lostEventsAreNotMadeUpFor() throws Exception {
        SimulatedApplication application = bed.argo.add(staging("a"));
        ArgoCdApiCaller.Lines stream = bed.client.stream("", "*/*");
        stream.event();

        bed.argo.faults().loseEvents(2);
        application.advanceTo(SyncStep.STARTED);

        assertThat(line(stream.event().path("application"))).isEqualTo("requested Running OutOfSync Missing []");
    }

    @Test
    void readsAreStaleOnCommandAndStreamsAreNot() throws Exception {
        SimulatedApplication application = bed.argo.add(staging("a"));
        ArgoCdApiCaller.Lines stream = bed.client.stream("", "*/*");
        stream.event();
        bed.argo.faults().staleReads(true);

        application.advance();

        assertThat(line(stream.event().path("application"))).isEqualTo("requested -   []");
        assertThat(bed.line("a")).isEqualTo("-   []");
        assertThat(bed.client.json(APPLICATIONS).at("/items/0").has("operation"))
                .isFalse();
        bed.argo.faults().staleReads(false);
        assertThat(bed.line("a")).isEqualTo("requested -   []");
    }

    @Test
    void answersGoWrongOneByOne() throws Exception {
        bed.argo.add(staging("a"));
        ArgoCdFaults faults = bed.argo.faults();

        faults.refuse(1, 403, "permission denied");
        assertAnswer(bed.client.get(APPLICATIONS), 403, DENIED);
        faults.refuse(1, 503, "busy", request -> request.path().startsWith("/api/v1/stream"));
        assertThat(bed.client.get(APPLICATIONS).statusCode()).isEqualTo(200);
        assertThat(bed.client.get("/api/v1/stream/applications").statusCode()).isEqualTo(503);
        faults.answer(1, 429, Map.of("Retry-After", "7"), "Slow down.", request -> true);
        HttpResponse<String> slowDown = bed.client.get(APPLICATIONS);
        assertAnswer(slowDown, 429, "Slow down.");
        assertThat(slowDown.headers().firstValue("Retry-After")).contains("7");
        faults.answerHtml(1);
        HttpResponse<String> page = bed.client.get(APPLICATIONS);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.body()).startsWith("<!doctype html>");
        faults.cutAnswers(1);
        assertThatThrownBy(() -> bed.client.get(APPLICATIONS)).isInstanceOf(IOException.class);
        // Java's client asks once more by itself when a connection that was used before is closed.
        faults.dropRequests(2);
        assertThatThrownBy(() -> bed.client.get(APPLICATIONS)).isInstanceOf(IOException.class);

        assertThat(bed.client.get(APPLICATIONS).statusCode()).isEqualTo(200);
    }

    @Test
    void answersAreSlowOnCommand() throws Exception {
        bed.argo.faults().delay(Duration.ofMillis(150));
        long begun = System.nanoTime();
        bed.client.get(APPLICATIONS);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
    }

    @Test
    void theServerGoesAndComesBackWithWhatItKnew() throws Exception {
        bed.deployed(staging("a"));
        ArgoCdApiCaller.Lines stream = bed.client.stream("", "*/*");
        stream.event();

        bed.argo.down(true);
        assertThat(stream.next()).isEqualTo(ArgoCdApiCaller.Lines.BROKEN);
        assertThatThrownBy(() -> bed.client.get(APPLICATIONS)).isInstanceOf(ConnectException.class);

        bed.argo.down(false);
        assertThat(bed.line("a")).isEqualTo("Succeeded finished Synced Healthy [orders:old]");
    }

    @Test
    void requestsAreNotedAsTheyArrive() throws Exception {
        bed.client.get(APPLICATIONS + "?selector=wave%3Dstaging");
        bed.client.send("POST", APPLICATIONS + "/a/sync", "{}");

        assertThat(bed.argo.requests())
                .containsExactly(
                        new Request("GET", APPLICATIONS, "selector=wave%3Dstaging", ""),
                        new Request("POST", APPLICATIONS + "/a/sync", "", ""));
    }

    @Test
    void aThousandApplicationsAreCheap() throws Exception {
        for (int i = 0; i < 1000; i++) {
            bed.argo.add(staging("staging-" + i).label("wave", "staging").destination("https://c" + i, "shop"));
        }
        bed.argo.settle();
        JsonNode items = bed.client.json(APPLICATIONS).path("items");

        assertThat(items).hasSize(1000);
        assertThat(items)
                .allSatisfy(item -> assertThat(line(item)).isEqualTo("Succeeded finished Synced Healthy [orders:old]"));
        assertThat(texts(bed.client.application("staging-7").at("/spec/destination")))
                .containsExactly("https://c7", "shop");
        ArgoCdApiCaller.Lines stream = bed.client.stream("", "*/*");
        for (int i = 0; i < 1000; i++) {
            assertThat(stream.event().path("type").asText()).isEqualTo("ADDED");
        }

        bed.commit(ORDERS, "image: orders:new\n");
        bed.argo.advance();
        for (int i = 0; i < 1000; i++) {
            assertThat(stream.event().at("/application/operation/sync").isMissingNode())
                    .isFalse();
        }
    }
}
