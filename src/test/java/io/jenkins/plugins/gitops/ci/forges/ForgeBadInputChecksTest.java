package io.jenkins.plugins.gitops.ci.forges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.ci.CheckResult;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.ForgeUnavailable;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a forge answers, it ends in a sentence without secrets, and in no verdict. */
class ForgeBadInputChecksTest {

    private static final String SHA = "6a9ca693f6fff83215c00b653bcf2106124705ad";
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    private FakeGitHub gitHub;
    private ForgeClient forge;

    @BeforeEach
    void begin() throws Exception {
        gitHub = new FakeGitHub();
        forge = gitHub.forge(timer, timer, () -> Optional.of(FakeForge.TOKEN), new RateLimit(Clock.systemUTC()));
    }

    @AfterEach
    void end() {
        timer.shutdownNow();
        gitHub.close();
    }

    private ForgeUnavailable failure(ForgeClient asked) {
        Throwable failure =
                catchThrowable(() -> asked.fetch(SHA, Set.of("auto")).join());
        assertThat(failure).hasCauseInstanceOf(ForgeUnavailable.class);
        assertThat(failure.getCause().getMessage())
                .startsWith("GitHub (http://127.0.0.1:")
                .endsWith(".")
                .doesNotContain(FakeForge.TOKEN)
                .doesNotContain("PAYLOAD")
                .doesNotContain("\n");
        return (ForgeUnavailable) failure.getCause();
    }

    @ParameterizedTest
    @CsvSource({
        "401, refuses the token",
        "403, does not let the token do this",
        "404, knows nothing of it",
        "409, status 409",
        "422, status 422",
        "500, status 500",
        "503, status 503"
    })
    void refusals(int status, String words) {
        gitHub.answerAlways(status, JSON, "{\"message\":\"Bad\\n" + FakeForge.TOKEN + "\",\"more\":\"PAYLOAD\"}");

        assertThat(failure(forge))
                .hasMessageContaining(words)
                .satisfies(unavailable -> assertThat(unavailable.retryAfter()).isEmpty());
    }

    @Test
    void aTokenThatIsNotFoundInTimeIsGivenUpAndLookedUpAgain() {
        var time = new ManualClock();
        var lookUps = new ArrayList<Runnable>();
        ForgeClient slow = gitHub.forge(
                time.timer(), lookUps::add, () -> Optional.of(FakeForge.TOKEN), new RateLimit(Clock.systemUTC()));
        var fetched = slow.fetch(SHA, Set.of("auto"));
        time.turn(Duration.ofSeconds(89));
        assertThat(fetched).isNotDone();
        time.turn(Duration.ofSeconds(1));
        assertThat(catchThrowable(fetched::join).getCause())
                .isInstanceOf(ForgeUnavailable.class)
                .hasMessageContaining("is not asked: its token could not be looked up in time");

        lookUps.forEach(Runnable::run);
        assertThat(gitHub.asked).isEmpty();
        lookUps.clear();
        slow.fetch(SHA, Set.of("auto"));
        lookUps.forEach(Runnable::run);

        await().until(() -> !gitHub.asked.isEmpty());
    }

    @Test
    void aForgeThatDoesNotAnswerIsGivenUp() {
        var time = new ManualClock();
        gitHub.hold();
        var fetched = gitHub.forge(
                        time.timer(),
                        Runnable::run,
                        () -> Optional.of(FakeForge.TOKEN),
                        new RateLimit(Clock.systemUTC()))
                .fetch(SHA, Set.of("auto"));
        time.turn(Duration.ofSeconds(29));
        assertThat(fetched).isNotDone();

        time.turn(Duration.ofSeconds(1));

        assertThat(catchThrowable(() -> fetched.get(20, TimeUnit.SECONDS)).getCause())
                .isInstanceOf(ForgeUnavailable.class)
                .hasMessageContaining("did not answer in time");
        gitHub.release();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html; charset=utf-8", "Text/HTML;charset=UTF-8", "application/xhtml+xml"})
    void aWebPageIsNoAnswer(String type) {
        gitHub.answerAlways(200, Map.of("Content-Type", type), "<html>PAYLOAD</html>");

        assertThat(failure(forge)).hasMessageContaining("web page");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PAYLOAD",
                "[]",
                "{}",
                "{\"sha\":7,\"statuses\":[],\"check_runs\":[]}",
                "{\"sha\":\"0000000000fff83215c00b653bcf2106124705ad\",\"statuses\":[],\"check_runs\":[]}",
                "{\"sha\":\"" + SHA + "\",\"statuses\":\"PAYLOAD\",\"check_runs\":{}}",
                "{\"statuses\":[],\"statuses\":[]}",
                "{\"sha\":\"" + SHA
            })
    void whatIsNoListOfChecksIsRefused(String body) {
        gitHub.answerAlways(200, JSON, body);

        assertThat(failure(forge)).hasMessageContaining("cannot be used");
    }

    @Test
    void deepNestingIsRefused() {
        gitHub.answerAlways(200, JSON, "[".repeat(100_000));

        assertThat(failure(forge)).hasMessageContaining("cannot be used");
    }

    @Test
    void entriesThatMakeNoSenseDecideNothing() {
        gitHub.answerAlways(
                200,
                JSON,
                "{\"sha\":\"" + SHA + "\",\"statuses\":[7,null,[],{},{\"context\":1,\"state\":true}],"
                        + "\"check_runs\":[null,{\"app\":3},{\"head_sha\":\"" + SHA + "\",\"status\":\"completed\"}]}");

        assertThat(forge.fetch(SHA, Set.of()).join().results())
                .hasSize(2)
                .allSatisfy(said -> assertThat(said.status().state()).isEqualTo(CheckState.PENDING));
    }

    @Test
    void wordsAndLinksOfOthersAreMadeHarmless() {
        gitHub.answerAlways(
                200,
                JSON,
                "{\"sha\":\"" + SHA + "\",\"statuses\":[{\"context\":\"ci\",\"state\":\"success\","
                        + "\"target_url\":\"javascript:alert(1)\",\"description\":\"a\\r\\n[ERROR] b"
                        + "x".repeat(1000) + "\"}],\"check_runs\":[]}");

        assertThat(forge.fetch(SHA, Set.of()).join().results()).singleElement().satisfies(said -> {
            assertThat(said.status().url()).isEmpty();
            assertThat(said.status().description().orElseThrow())
                    .startsWith("a [ERROR] bxx")
                    .hasSizeLessThan(310);
        });
    }

    @Test
    void aBodyWithoutEndIsReadToItsLimitOnly() {
        gitHub.answerAlways(200, JSON, "\"" + "x".repeat(40 << 20));

        assertThat(failure(forge)).hasMessageContaining("larger than 16 MiB");
    }

    @Test
    void pagesWithoutEndAreLeft() {
        gitHub.answerAlways(
                200,
                Map.of("Content-Type", "application/json", "Link", "<https://evil.example.com/?page=2>; rel=\"next\""),
                "{\"sha\":\"" + SHA + "\",\"statuses\":[{}],\"check_runs\":[{}]}");

        assertThat(failure(forge)).hasMessageContaining("has more than 20 pages of results for one commit");
        assertThat(gitHub.asked.size()).isLessThanOrEqualTo(40);
    }

    @Test
    void notModifiedWithoutHavingBeenAskedForIsNoAnswer() {
        gitHub.answerAlways(304, Map.of(), "");

        assertThat(failure(forge)).hasMessageContaining("304");
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (var elsewhere = new FakeGitHub()) {
            gitHub.answerAlways(302, Map.of("Location", elsewhere.url() + "/repos?secret=PAYLOAD"), "");

            assertThat(failure(forge)).hasMessageContaining("redirects to http://127.0.0.1, which is not followed");
            assertThat(elsewhere.asked).isEmpty();
        }
        HttpClient following =
                HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build();
        assertThatThrownBy(() -> ForgeClient.of(
                        gitHub.settings(),
                        following,
                        timer,
                        timer,
                        () -> Optional.of("x"),
                        new RateLimit(Clock.systemUTC())))
                .hasMessageContaining("would give the token away");
    }

    @Test
    void aForgeThatIsDownIsSaid() {
        gitHub.close();

        assertThat(failure(forge)).hasMessageContaining("nothing accepts connections there");
    }

    @Test
    void aTokenThatExpiresIsLookedUpOnceMore() {
        var asked = new AtomicInteger();
        ForgeClient app = gitHub.forge(
                timer,
                timer,
                () -> Optional.of(asked.getAndIncrement() < 2 ? "ghs_expired" : FakeForge.TOKEN),
                new RateLimit(Clock.systemUTC()));
        gitHub.checkRun(SHA, "schema", "success", FakeGitHub.ACTIONS);

        assertThat(app.fetch(SHA, Set.of()).join().results()).hasSize(1);
        assertThat(asked).hasValue(4);

        gitHub.takeOnly("another");
        assertThat(failure(app)).hasMessageContaining("refuses the token");
        assertThat(asked).as("two requests, each looked up twice").hasValue(8);
    }

    @Test
    void tokensThatAreNoneAreSaidAndNotSent() {
        assertThat(failure(gitHub.forge(timer, timer, () -> Optional.of("a\nb"), new RateLimit(Clock.systemUTC()))))
                .hasMessageContaining("characters that no token has");
        ForgeClient without = gitHub.forge(
                timer,
                timer,
                () -> {
                    throw new ForgeUnavailable("GitHub (http://127.0.0.1: there are no credentials \"gone\".");
                },
                new RateLimit(Clock.systemUTC()));
        assertThat(failure(without)).hasMessageContaining("gone");
        assertThat(gitHub.asked).isEmpty();
    }

    @Test
    void whatWasAnsweredBeforeIsAskedForConditionally() {
        gitHub.checkRun(SHA, "schema", "success", FakeGitHub.ACTIONS);
        List<CheckResult> first = forge.fetch(SHA, Set.of()).join().results();
        List<CheckResult> second = forge.fetch(SHA, Set.of()).join().results();

        assertThat(second).isEqualTo(first).hasSize(1);
        assertThat(gitHub.asked).hasSize(4);
        assertThat(gitHub.asked.subList(2, 4))
                .allSatisfy(asked -> assertThat(asked.ifNoneMatch()).startsWith("W/"));
        gitHub.checkRun(SHA, "schema", "failure", FakeGitHub.ACTIONS);
        assertThat(forge.fetch(SHA, Set.of()).join().results())
                .extracting(said -> said.status().state())
                .containsExactly(CheckState.FAILURE);
    }

    @Test
    void retryAfterIsHeardByAllThatShareTheBudget() {
        var rateLimit = new RateLimit(Clock.systemUTC());
        ForgeClient one = gitHub.forge(timer, timer, () -> Optional.of(FakeForge.TOKEN), rateLimit);
        ForgeClient other = gitHub.forge(timer, timer, () -> Optional.of(FakeForge.TOKEN), rateLimit);
        gitHub.answerAlways(429, Map.of("Retry-After", "77"), "");

        assertThat(failure(one).retryAfter().orElseThrow()).isBetween(Duration.ofSeconds(76), Duration.ofSeconds(77));
        int before = gitHub.asked.size();
        assertThat(failure(other).retryAfter().orElseThrow()).isBetween(Duration.ofSeconds(70), Duration.ofSeconds(77));
        assertThat(gitHub.asked).as("nothing more is asked").hasSize(before);
    }

    @Test
    void aUsedUpLimitIsRespectedUntilItsReset() {
        long reset = Clock.systemUTC().instant().getEpochSecond() + 600;
        gitHub.everyHeader.putAll(
                Map.of("X-RateLimit-Limit", "5000", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "" + reset));
        gitHub.answerAlways(403, JSON, "{\"message\":\"API rate limit exceeded\"}");

        assertThat(failure(forge).retryAfter().orElseThrow())
                .isBetween(Duration.ofSeconds(590), Duration.ofSeconds(601));
    }

    @Test
    void whatIsGrantedIsSharedByTime() {
        long reset = Clock.systemUTC().instant().getEpochSecond() + 600;
        gitHub.everyHeader.putAll(
                Map.of("X-RateLimit-Limit", "1000", "X-RateLimit-Remaining", "160", "X-RateLimit-Reset", "" + reset));
        var rateLimit = new RateLimit(Clock.systemUTC());
        ForgeClient one = gitHub.forge(timer, timer, () -> Optional.of(FakeForge.TOKEN), rateLimit);
        ForgeClient other = gitHub.forge(timer, timer, () -> Optional.of(FakeForge.TOKEN), rateLimit);

        assertThat(one.fetch(SHA, Set.of()).join().pause())
                .as("ten seconds a request, two requests, two repositories, a tenth left to others")
                .isBetween(Duration.ofSeconds(39), Duration.ofSeconds(41));
        other.close();
        assertThat(one.fetch(SHA, Set.of()).join().pause()).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(21));
    }
}
