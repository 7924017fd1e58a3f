package io.jenkins.plugins.gitops.argocd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.ApplicationListing.VersionedApplication;
import io.jenkins.plugins.gitops.argocd.ArgoCdClient.StreamListener;
import io.jenkins.plugins.gitops.common.ArgoCdUnavailable;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.Subscription;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls are made as Argo CD wants them, and what is not answered is said in a sentence. */
class ArgoCdClientTest {

    private static final String TOKEN = "to.ken-1";
    private static final Clock CLOCK = Clock.systemUTC();

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private FakeArgoCd argo;
    private ArgoCdClient server;

    @BeforeEach
    void begin() throws Exception {
        argo = new FakeArgoCd();
        server = server(argo.url(), "shop", () -> TOKEN);
    }

    @AfterEach
    void end() {
        timer.shutdownNow();
        argo.close();
    }

    private ArgoCdClient server(String url, String project, ArgoCdClient.TokenSource token) {
        return new ArgoCdClient(
                new ArgoCdSettings("main", url, project, true, true),
                HttpClient.newHttpClient(),
                token,
                Runnable::run,
                CLOCK,
                timer);
    }

    /** What was heard on a stream. */
    private static final class Heard implements StreamListener {
        private final List<Object> events = new CopyOnWriteArrayList<>();
        private final AtomicInteger signs = new AtomicInteger();

        @Override
        public void alive() {
            signs.incrementAndGet();
        }

        @Override
        public void changed(VersionedApplication application) {
            events.add(application);
        }

        @Override
        public void deleted(VersionedApplication application) {
            events.add("deleted " + application.application().id());
        }

        @Override
        public void ended(ArgoCdUnavailable why) {
            events.add(why.getMessage());
        }
    }

    private Heard heard() {
        var heard = new Heard();
        server.stream(Optional.of("7"), heard);
        await().until(() -> argo.streams() == 1);
        return heard;
    }

    /** What people are told of a call that failed. */
    private static ArgoCdUnavailable failure(CompletableFuture<?> call) {
        Throwable failure = catchThrowable(call::join);
        assertThat(failure).hasCauseInstanceOf(ArgoCdUnavailable.class);
        assertThat(failure.getCause().getMessage())
                .startsWith("The Argo CD server main ")
                .endsWith(".")
                .doesNotContain(TOKEN)
                .doesNotContain("\n");
        return (ArgoCdUnavailable) failure.getCause();
    }

    @Test
    void applicationsAreListed() {
        argo.put("web", 7, "c1");
        argo.put("api", 9, "c2");

        ApplicationListing listing = server.list().join();

        assertThat(listing.applications())
                .containsExactlyInAnyOrder(
                        ApplicationFixtures.observed("web", 7, "c1"), ApplicationFixtures.observed("api", 9, "c2"));
        assertThat(listing.resourceVersion()).contains("9");
        assertThat(argo.asked)
                .containsExactly(new FakeArgoCd.Asked(
                        "/argocd/api/v1/applications?projects=shop", "Bearer " + TOKEN, "application/json"));
    }

    @Test
    void oneApplicationIsGotAndRefreshed() {
        argo.put("web", 7, "c1");

        assertThat(server.get(new ApplicationId("argocd", "web"), "shop", false).join())
                .contains(ApplicationFixtures.observed("web", 7, "c1"));
        assertThat(server.get(new ApplicationId("", "no such"), "a&b", true).join())
                .isEmpty();
        assertThat(argo.asked)
                .extracting(FakeArgoCd.Asked::uri)
                .containsExactly(
                        "/argocd/api/v1/applications/web?appNamespace=argocd&project=shop",
                        "/argocd/api/v1/applications/no%20such?project=a%26b&refresh=normal");
    }

    @Test
    void theTokenIsAskedForAnewAtEachCall() {
        var calls = new AtomicInteger();
        var asking = server(argo.url(), "", () -> "token" + calls.incrementAndGet() + "\n");

        asking.list().join();
        asking.list().join();

        assertThat(argo.asked)
                .extracting(FakeArgoCd.Asked::authorization)
                .containsExactly("Bearer token1", "Bearer token2");
    }

    private static ArgoCdClient.TokenSource failing(Exception failure) {
        return mock(ArgoCdClient.TokenSource.class, call -> {
            throw failure;
        });
    }

    @Test
    void withoutAUsableTokenNothingIsAsked() {
        assertThat(failure(server(argo.url(), "", () -> "to.ken-1\u00e9").list()))
                .hasMessageContaining("characters that no token has");
        var missing = new ArgoCdUnavailable("The Argo CD server main has no token.");
        assertThat(failure(server(argo.url(), "", failing(missing)).list())).isSameAs(missing);
        assertThat(failure(server(argo.url(), "", failing(new IllegalStateException("secret")))
                        .list()))
                .hasMessage("The Argo CD server main cannot be asked: IllegalStateException. Jenkins' log has the"
                        + " details.");
        assertThat(argo.asked).isEmpty();
    }

    @Test
    void aClientThatFollowsRedirectsIsRefused() {
        var following = HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build();

        assertThatThrownBy(
                        () -> new ArgoCdClient(server.settings(), following, () -> TOKEN, Runnable::run, CLOCK, timer))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRedirectIsNotFollowedSoThatTheTokenStaysHome() throws Exception {
        try (var other = new FakeArgoCd()) {
            argo.answerNext(302, Map.of("Location", other.url() + "/login?state=secret"), "");

            assertThat(failure(server.list()))
                    .hasMessageContaining("redirects to http://127.0.0.1, which is not followed")
                    .hasMessageNotContaining("secret");
            assertThat(other.asked).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        401 | {"error":"x","code":16,"message":"invalid session: token is expired"} | refuses the token (invalid session: token is expired): it is wrong or expired.
        403 | {"error":"x","code":7,"message":"permission denied"} | grant it "p, <role>, applications, get, <project>/*, allow"
        404 | 404 page not found | has no Argo CD at http://127.0.0.1
        429 | slow down | asks for fewer requests; it is left alone
        500 | {"message":"a to.ken-1 b\\nc"} | answers with status 500 (a ... b c): look at its argocd-server
        503 | <html>secret</html> | answers with status 503: look at
        300 | {} | redirects, which is not followed
        399 | {} | redirects, which is not followed
        400 | {} | answers with status 400: look at
        418 | {"error":{"message":"teapot"}} | answers with status 418 (teapot)
        200 | {"message":"hello"} | cannot be used: it is not a list of applications
        200 | {"items":{}} | cannot be used: it is not a list of applications
        200 | {"items":[7]} | cannot be used: it is not a list of applications
        200 | [] | cannot be used: it is not a list of applications
        200 | {"items":[]} {} | cannot be used: it is not a list of applications
        200 | {"items":[ | cannot be used: it ends in its middle
        200 | secret | cannot be used: it is not valid JSON
        200 | {"items":[{"metadata":{"name":"web","name":"api"}}]} | cannot be used: it is not valid JSON
        200 | {"items":[{"metadata":{"name":"web"},"status":7}]} | it has a status of web that is not an object
        """)
    void whatIsNotAnsweredIsSaidInASentence(int status, String body, String sentence) {
        argo.answerNext(status, Map.of(), body);

        assertThat(failure(server.list())).hasMessageContaining(sentence).hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        403 | {"error":"x","code":7,"message":"cannot sync: blocked by sync window"} | does not synchronise web now (cannot sync: blocked by sync window): wait until the window of its project lets it
        403 | {"error":"x","code":7,"message":"permission denied: applications, sync, shop/web"} | does not let the token synchronise its applications (permission denied: applications, sync, shop/web): grant it "p, <role>, applications, sync, <project>/*, allow"
        400 | {"error":"x","code":9,"message":"another operation is already in progress"} | refuses to synchronise web: another operation is already in progress.
        400 | <html>secret</html> | answers with status 400: look at its argocd-server
        403 | <html>secret</html> | does not let the token see its applications
        404 | {"error":"x","code":5,"message":"not found"} | refuses to synchronise web: not found.
        404 | 404 page not found | has no Argo CD at http://127.0.0.1
        500 | {"message":"out of memory"} | answers with status 500 (out of memory): look at
        """)
    void whyAnApplicationIsNotSynchronisedIsSaid(int status, String body, String sentence) {
        argo.answerNext(status, Map.of(), body);

        assertThat(failure(server.sync(new ApplicationId("argocd", "web"), "shop")))
                .hasMessageContaining(sentence)
                .hasMessageNotContaining("secret");
    }

    @Test
    void nothingIsPruned() throws Exception {
        argo.answerNext(200, Map.of(), ApplicationFixtures.json("web", 8, "c1"));

        server.sync(new ApplicationId("argocd", "web"), "shop").join();

        assertThat(argo.posted).hasSize(1);
        assertThat(Json.parse(argo.posted.get(0)))
                .isEqualTo(Json.parse("{\"appNamespace\": \"argocd\", \"project\": \"shop\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html; charset=utf-8", "Text/HTML;charset=UTF-8", "application/xhtml+xml"})
    void aPageIsNoAnswer(String type) {
        argo.answerNext(200, Map.of("Content-Type", type), "<html>secret login</html>");

        assertThat(failure(server.list()))
                .hasMessageContaining("answered with a web page")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aMissingApplicationIsOneOnlyIfArgoCdSaysSo() {
        argo.answerNext(404, Map.of("Content-Type", "text/html"), "<html>nginx</html>");

        assertThat(failure(server.get(new ApplicationId("", "web"), "shop", false)))
                .hasMessageContaining("has no Argo CD at");
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "soon,", "'',"})
    void whoWantsToBeLeftAloneSaysForHowLong(String retryAfter, Long seconds) {
        argo.answerNext(429, Map.of("Retry-After", retryAfter), "");

        assertThat(failure(server.list()).retryAfter())
                .isEqualTo(Optional.ofNullable(seconds).map(Duration::ofSeconds));
    }

    @Test
    void changesAreHeardAsServerSentEvents() {
        Heard heard = heard();
        assertThat(argo.asked.get(0).uri())
                .startsWith("/argocd/api/v1/stream/applications?projects=shop&resourceVersion=7&fields=-result.");
        assertThat(argo.asked.get(0).accept()).isEqualTo("text/event-stream");

        argo.write(":\n");
        await().until(() -> heard.signs.get() > 0);
        assertThat(heard.events).isEmpty();

        argo.tell("ADDED", ApplicationFixtures.json("web", 8, "c1"));
        argo.write(": a sign of life\r\nevent: message\n\n");
        argo.tell("MODIFIED", ApplicationFixtures.json("web", 9, "c2"));
        argo.tell("DELETED", ApplicationFixtures.json("web", 10, "c2"));
        argo.cut();

        await().untilAsserted(() -> assertThat(heard.events)
                .containsExactly(
                        ApplicationFixtures.observed("web", 8, "c1"),
                        ApplicationFixtures.observed("web", 9, "c2"),
                        "deleted argocd/web",
                        "The Argo CD server main ended its stream."));
    }

    @Test
    void changesAreHeardLineByLineHoweverTheyAreCut() {
        Heard heard = heard();
        String line = "{\"result\":{\"type\":\"MODIFIED\",\"application\":" + ApplicationFixtures.json("web", 8, "c1")
                + "}}\n";

        for (String half : List.of(line.substring(0, 99), line.substring(99) + line)) {
            argo.write(half);
        }

        await().untilAsserted(() -> assertThat(heard.events)
                .containsExactly(
                        ApplicationFixtures.observed("web", 8, "c1"), ApplicationFixtures.observed("web", 8, "c1")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        data: {"error":{"grpc_code":16,"http_code":401,"message":"token is expired"}} | refuses the token (token is expired)
        {"error":{"message":"boom"}} | answers with status 500 (boom)
        <html>secret</html> | cannot be used: it has a line that is not an event
        data: secret | cannot be used: it is not valid JSON
        data: {"result":{"type":"ADDED"}} | cannot be used: it has an application without metadata.name
        data: {"result":{"type":"BOOKMARK","application":{"metadata":{"name":"web"}}}} | neither a change nor a deletion
        """)
    void aStreamEndsAtWhatIsNoEvent(String line, String sentence) {
        Heard heard = heard();

        argo.write(line + "\n");

        await().until(() -> !heard.events.isEmpty());
        assertThat(heard.events).singleElement().asString().contains(sentence).doesNotContain("secret");
    }

    @Test
    void aStreamThatIsRefusedEndsAtOnce() {
        argo.answerNext(403, Map.of(), "data: {\"error\":{\"http_code\":403,\"message\":\"permission denied\"}} \n\n");
        var heard = new Heard();

        server.stream(Optional.empty(), heard);

        await().until(() -> !heard.events.isEmpty());
        assertThat(heard.events).singleElement().asString().contains("see its applications (permission denied)");
        assertThat(heard.signs).hasValue(0);
    }

    @Test
    void aFrameThatNeverEndsIsRefused() {
        Heard heard = heard();
        String mebibyte = "x".repeat(1 << 20);

        argo.write("data: {\"result\":\"");
        for (int i = 0; i < 5; i++) {
            argo.write(mebibyte);
        }

        await().until(() -> !heard.events.isEmpty());
        assertThat(heard.events).singleElement().asString().contains("an application of more than 4 MiB");
    }

    @Test
    void aStreamThatIsClosedIsCutWhetherItStandsOrNot() {
        for (boolean stands : new boolean[] {true, false}) {
            var heard = new Heard();
            Subscription following = server.stream(Optional.empty(), heard);
            await().until(() -> argo.streams() == 1);
            if (stands) {
                argo.write(":\n");
                await().until(() -> heard.signs.get() > 0);
            }

            following.close();

            await().untilAsserted(() -> {
                argo.write(":\n");
                assertThat(argo.streams()).isZero();
            });
        }
    }

    @Test
    void anApplicationThatIsTooLargeIsRefused() {
        String tooLarge = ApplicationFixtures.json("web", 1, "c".repeat(5 << 20));
        argo.answerNext(200, Map.of(), "{\"items\":[" + tooLarge + "]}");
        argo.answerNext(200, Map.of(), tooLarge);

        assertThat(failure(server.list())).hasMessageContaining("an application of more than 4 MiB");
        assertThat(failure(server.get(new ApplicationId("", "web"), "", false)))
                .hasMessageContaining("an application of more than 4 MiB");
    }

    @Test
    void anAnswerThatDoesNotComeOrDoesNotEndIsGivenUp() {
        var time = new ManualClock();
        server = new ArgoCdClient(
                server.settings(), HttpClient.newHttpClient(), () -> TOKEN, Runnable::run, time, time.timer());
        for (String begun : new String[] {"", "{\"items\":["}) {
            argo.holdNext(begun);
            CompletableFuture<ApplicationListing> listing = server.list();
            await().until(() -> argo.streams() == 1);

            time.turn(Duration.ofMinutes(2));

            assertThat(failure(listing)).hasMessageContaining("did not answer in time");
            await().untilAsserted(() -> {
                argo.write(" ");
                assertThat(argo.streams()).isZero();
            });
        }
    }

    @Test
    void aTimeToAskAgainIsReadByTheServersClock() {
        String inAnHour = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusHours(1));
        argo.answerNext(503, Map.of("Retry-After", inAnHour), "");

        assertThat(failure(server.list()).retryAfter().orElseThrow())
                .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
    }

    @Test
    void whereNobodyListensIsSaid() throws Exception {
        argo.close();
        assertThat(failure(server.list())).hasMessageContaining("nothing accepts connections there");
        assertThat(failure(server("https://argocd.invalid", "", () -> TOKEN).list()))
                .hasMessageContaining("its host is not known");
    }
}
