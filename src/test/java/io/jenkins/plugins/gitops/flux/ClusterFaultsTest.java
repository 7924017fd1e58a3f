package io.jenkins.plugins.gitops.flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

import io.jenkins.plugins.gitops.remote.RawHttpServer;
import io.jenkins.plugins.gitops.world.FluxSimulator;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentCaptor;

/** Clusters that say what no API server says, say nothing, or end each watch at once; time goes on where a test turns it. */
class ClusterFaultsTest {

    private static final String EMPTY = "{\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[]}";

    private final ManualClock time = new ManualClock();
    private final ExecutorService pool = Executors.newFixedThreadPool(2);

    @AfterEach
    void end() {
        pool.shutdownNow();
    }

    /** Look-ups that hang, as those of a store of credentials that never answers. */
    private final AtomicBoolean hanging = new AtomicBoolean();

    private void lookUp(Runnable task) {
        if (!hanging.get()) {
            task.run();
        }
    }

    private KubernetesClient client(String url) {
        var settings = new ClusterSettings("eu", url, "", Optional.empty(), true);
        return new KubernetesClient(
                settings,
                HttpClient::newBuilder,
                () -> ClusterLogin.withToken(settings, FluxSimulator.TOKEN),
                this::lookUp,
                time,
                time.timer());
    }

    private static Throwable failure(CompletableFuture<?> call) throws Exception {
        return call.handle((answer, failure) -> failure.getCause()).get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html        | <html>Sign in</html>                            | answered with a web page",
                "application/json | []                                              | it is not a list",
                "application/json | {}                                              | it is not a list",
                "application/json | {\"items\":{}}                                  | it is not a list",
                "application/json | {\"items\":[{\"metadata\":{}}]}                 | it has an object without a name",
                "application/json | {\"items\":[                                    | sent an answer that cannot be"
                        + " used",
                "text/plain       | ok                                              | sent an answer that cannot be"
                        + " used",
                "application/json | {\"items\":[]}                                  | it is a list without a"
                        + " resourceVersion",
                "application/json | {\"items\":[{\"kind\":\"Secret\",\"metadata\":{\"name\":\"x\"}}]} | of another"
                        + " kind than Kustomization",
                "application/json | {\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"x\"},\"items\":[]} | it"
                        + " never ends"
            })
    void whatNoApiServerSaysIsNoList(String type, String body, String words) throws Exception {
        try (var server = new RawHttpServer(
                request -> RawHttpServer.response("200 OK", "Content-Type: " + type + "\r\n", body))) {
            assertThat(failure(client(server.url()).list(FluxKind.KUSTOMIZATION)))
                    .isInstanceOf(ClusterUnavailable.class)
                    .hasMessageStartingWith("The cluster eu ")
                    .hasMessageContaining(words);
            assertThat(server.requests()).hasSizeLessThanOrEqualTo(100);
        }
    }

    @Test
    void fieldsOfOtherTypesAreNoSuccess() throws Exception {
        String odd = "{\"metadata\":{\"name\":\"apps\",\"namespace\":7,\"generation\":\"x\",\"labels\":[]},"
                + "\"spec\":[],\"status\":{\"observedGeneration\":{},\"conditions\":{\"type\":\"Ready\"}}}";
        String body = EMPTY.replace("[]", "[" + odd + "]");
        try (var server = new RawHttpServer(request -> RawHttpServer.response("200 OK", "", body))) {
            KubernetesClient.Listing listing =
                    client(server.url()).list(FluxKind.KUSTOMIZATION).get(20, TimeUnit.SECONDS);

            assertThat(listing.objects()).hasSize(1);
            assertThat(listing.objects().get(0).condition("Ready")).isEmpty();
        }
    }

    @Test
    void aClusterThatDoesNotAnswerIsGivenUp() throws Exception {
        // Connections are accepted by the system, and nobody reads them.
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var list = client("http://127.0.0.1:" + silent.getLocalPort()).list(FluxKind.KUSTOMIZATION);
            time.turn(Duration.ofSeconds(59));
            assertThat(list).isNotDone();
            time.turn(Duration.ofSeconds(2));

            assertThat(failure(list)).hasMessageStartingWith("The cluster eu ").hasMessageContaining("did not answer");
        }
    }

    @Test
    void aWatchThatTheClusterDoesNotEndInItsTimeIsEndedAMinuteLater() throws Exception {
        var listener = mock(KubernetesClient.WatchListener.class);
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            client("http://127.0.0.1:" + silent.getLocalPort()).watch(FluxKind.KUSTOMIZATION, "7", listener);
            time.turn(Duration.ofSeconds(299));
            verifyNoInteractions(listener);

            time.turn(Duration.ofSeconds(1));

            var failure = ArgumentCaptor.forClass(ClusterUnavailable.class);
            verify(listener, timeout(20_000)).failed(failure.capture());
            assertThat(failure.getValue()).hasMessageContaining("did not answer in time");
        }
    }

    @Test
    void aClusterThatEndsEachWatchAtOnceIsAskedEverMoreSeldom() {
        try (var server = new RawHttpServer(request ->
                        RawHttpServer.response("200 OK", "", request.line().contains("watch=1") ? "" : EMPTY));
                var watch = new ClusterWatch(client(server.url()), time, time.timer(), pool, () -> {})) {
            int kinds = FluxKind.values().length;
            for (int round = 1; round <= 10; round++) {
                int watches = kinds * round;
                time.turn(Duration.ZERO);
                await().until(() -> watches(server) >= watches);
                // The next attempts are planned, and no longer that these are to be given up.
                await().until(() -> time.untilLast().compareTo(Duration.ofSeconds(67)) <= 0);
                time.turn(time.untilLast());
            }

            assertThat(time.elapsed()).isGreaterThan(Duration.ofMinutes(3));
            assertThat(watches(server)).isLessThanOrEqualTo(kinds * 12L);
            assertThat(server.requests().size() - watches(server)).as("lists").isEqualTo(kinds);
            assertThat(watch.snapshot().trouble()).isEmpty();
        }
    }

    @Test
    void credentialsThatAreNotFoundInTimeAreToldAndLookedUpAgain() {
        hanging.set(true);
        try (var server = new RawHttpServer(request ->
                        RawHttpServer.response("200 OK", "", request.line().contains("watch=1") ? "" : EMPTY));
                var watch = new ClusterWatch(client(server.url()), time, time.timer(), pool, () -> {})) {
            for (int hung = 1; hung <= 20; hung++) {
                await().until(() -> {
                    time.turn(Duration.ofSeconds(31));
                    return watch.snapshot().trouble().isPresent();
                });
            }
            assertThat(watch.snapshot().trouble().orElseThrow())
                    .startsWith("The cluster eu is not asked: its credentials could not be looked up in time");
            assertThat(watch.snapshot().read()).isFalse();
            assertThat(server.requests()).isEmpty();

            hanging.set(false);

            await().until(() -> {
                time.turn(Duration.ofSeconds(31));
                return watch.snapshot().read() && watch.snapshot().trouble().isEmpty();
            });
        }
    }

    @Test
    void aCallThatIsGivenUpWhileItsCredentialsAreLookedUpIsNotMade() throws Exception {
        var waiting = new ArrayList<Runnable>();
        try (var server = new RawHttpServer(request -> RawHttpServer.response("200 OK", "", EMPTY))) {
            var settings = new ClusterSettings("eu", server.url(), "", Optional.empty(), true);
            var client = new KubernetesClient(
                    settings,
                    HttpClient::newBuilder,
                    () -> ClusterLogin.withToken(settings, FluxSimulator.TOKEN),
                    waiting::add,
                    time,
                    time.timer());
            var list = client.list(FluxKind.KUSTOMIZATION);
            time.turn(Duration.ofSeconds(61));
            assertThat(failure(list)).hasMessageContaining("could not be looked up in time");

            waiting.forEach(Runnable::run);

            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void aListWhoseFurtherPagesAreForgottenIsReadAgainFromItsBeginning() {
        String first = EMPTY.replace("\"7\"", "\"7\",\"continue\":\"x\"");
        var forgets = new AtomicBoolean(true);
        try (var server = new RawHttpServer(request -> {
                    boolean further = request.line().contains("continue=");
                    return further && forgets.getAndSet(false)
                            ? RawHttpServer.response("410 Gone", "", "{\"kind\":\"Status\",\"code\":410}")
                            : RawHttpServer.response(
                                    "200 OK", "", request.line().contains("watch=1") ? "" : further ? EMPTY : first);
                });
                var watch = new ClusterWatch(client(server.url()), time, time.timer(), pool, () -> {})) {
            await().until(() -> {
                time.turn(Duration.ofSeconds(2));
                return watch.snapshot().read() && watch.snapshot().trouble().isEmpty();
            });

            assertThat(server.requests().stream()
                            .filter(request -> request.line().contains("continue=")))
                    .hasSize(FluxKind.values().length + 1);
        }
    }

    @Test
    void aWatchThatNamesEverNewObjectsIsGivenUp() {
        var frames = new StringBuilder();
        for (int number = 0; number <= KubernetesClient.MOST_OBJECTS; number++) {
            frames.append(event("ADDED", "{\"name\":\"a" + number + "\",\"resourceVersion\":\"8\"}"));
        }
        try (var server = new RawHttpServer(request -> RawHttpServer.response(
                        "200 OK", "", request.line().contains("watch=1") ? frames.toString() : EMPTY));
                var watch = new ClusterWatch(client(server.url()), time, time.timer(), pool, () -> {})) {
            time.turn(Duration.ZERO);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> watch.snapshot().trouble().isPresent());

            assertThat(watch.snapshot().trouble().orElseThrow())
                    .contains("has more than 50000 objects of the kind", "set its namespace");
            assertThat(watch.snapshot().objects())
                    .hasSizeLessThanOrEqualTo(FluxKind.values().length * KubernetesClient.MOST_OBJECTS);
        }
    }

    private static String event(String type, String metadata) {
        return "{\"type\":\"" + type + "\",\"object\":{\"metadata\":" + metadata + "}}\n";
    }

    /** What no API server reports is no news: the watch ends, and all is listed again. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"a\"}}}\n",
                "{\"type\":\"DELETED\",\"object\":{\"metadata\":{\"name\":\"apps\"}}}\n",
                "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{}}}\n",
                "{\"type\":\"RENAMED\",\"object\":{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"9\"}}}\n",
                "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Secret\",\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"9\"}}}\n",
                "{\"type\":\"ADDED\",\"object\":[]}\n",
                "[]\n",
                "nonsense\n"
            })
    void whatNoApiServerReportsIsNotBelieved(String frame) {
        String apps = EMPTY.replace("[]", "[{\"metadata\":{\"name\":\"apps\",\"namespace\":\"n\"}}]");
        try (var server = new RawHttpServer(request ->
                        RawHttpServer.response("200 OK", "", request.line().contains("watch=1") ? frame : apps));
                var watch = new ClusterWatch(client(server.url()), time, time.timer(), pool, () -> {})) {
            time.turn(Duration.ZERO);
            await().until(() -> watch.snapshot().trouble().isPresent());

            assertThat(watch.snapshot().objects()).hasSize(FluxKind.values().length);
            long lists = server.requests().size() - watches(server);
            await().until(() -> {
                time.turn(Duration.ofSeconds(2));
                return server.requests().size() - watches(server) > lists;
            });
        }
    }

    /** Objects that come and go between two looks, more often than anybody can follow. */
    @Test
    void whatComesAndGoesInOneAnswerIsGone() {
        var frames = new StringBuilder();
        for (int version = 8; version < 2008; version += 2) {
            String metadata = "{\"name\":\"apps\",\"namespace\":\"n\",\"resourceVersion\":\"%d\"}";
            frames.append(event("ADDED", metadata.formatted(version)));
            frames.append(event("DELETED", metadata.formatted(version + 1)));
        }
        try (var server = new RawHttpServer(request -> RawHttpServer.response(
                        "200 OK",
                        "",
                        request.line().contains("watch=1")
                                ? request.line().contains("resourceVersion=7") ? frames.toString() : ""
                                : EMPTY));
                var watch = new ClusterWatch(client(server.url()), time, time.timer(), pool, () -> {})) {
            time.turn(Duration.ZERO);
            await().until(() -> watches(server) == FluxKind.values().length);
            await().until(() -> {
                time.turn(Duration.ofSeconds(2));
                return Stream.of(FluxKind.values())
                        .allMatch(kind -> server.requests().stream()
                                .anyMatch(request -> request.line().contains("/" + kind.resource() + "?")
                                        && request.line().contains("resourceVersion=2007")));
            });

            assertThat(watch.snapshot().objects()).isEmpty();
            assertThat(watch.snapshot().trouble()).isEmpty();
        }
    }

    /** A list that is read anew is what counts, also where its version is an older one, as after a restored backup. */
    @Test
    void aClusterThatWasPutBackIsBelieved() {
        String older = EMPTY.replace("\"7\"", "\"3\"");
        String apps = EMPTY.replace("[]", "[{\"metadata\":{\"name\":\"apps\",\"namespace\":\"n\"}}]");
        var restored = new AtomicBoolean();
        try (var server = new RawHttpServer(request -> {
                    if (!request.line().contains("watch=1")) {
                        return RawHttpServer.response("200 OK", "", restored.get() ? older : apps);
                    }
                    return restored.get() && request.line().contains("resourceVersion=7")
                            ? RawHttpServer.response("410 Gone", "", "{\"kind\":\"Status\",\"code\":410}")
                            : RawHttpServer.response("200 OK", "", "");
                });
                var watch = new ClusterWatch(client(server.url()), time, time.timer(), pool, () -> {})) {
            await().until(() -> {
                time.turn(Duration.ofSeconds(2));
                return watch.snapshot().objects().size() == FluxKind.values().length;
            });

            restored.set(true);

            await().until(() -> {
                time.turn(Duration.ofSeconds(10));
                return watch.snapshot().objects().isEmpty();
            });
            assertThat(server.requests()).anyMatch(request -> request.line().contains("resourceVersion=3"));
        }
    }

    private static long watches(RawHttpServer server) {
        return server.requests().stream()
                .filter(request -> request.line().contains("watch=1"))
                .count();
    }
}
