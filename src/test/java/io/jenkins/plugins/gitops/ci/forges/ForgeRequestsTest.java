package io.jenkins.plugins.gitops.ci.forges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.OutgoingStatus;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.common.ForgeUnavailable;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.world.ManualClock;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What each forge is sent, and how often. */
class ForgeRequestsTest {

    private static final String SHA = "6a9ca693f6fff83215c00b653bcf2106124705ad";
    private static final String PAGE = "https://jenkins.example.com/job/app/1/";

    private final ManualClock time = new ManualClock();
    private final RateLimit rateLimit = new RateLimit(time);
    private final ExecutorService pool = Executors.newSingleThreadExecutor();
    private FakeForge fake;

    @AfterEach
    void end() {
        pool.shutdownNow();
        fake.close();
    }

    private ForgeClient client(ForgeSettings.ForgeKind kind, RequiredCheck... checks) throws Exception {
        fake = switch (kind) {
            case GITHUB -> new FakeGitHub();
            case GITLAB -> new FakeGitLab();
            case GITEA -> new FakeGitea();
            case BITBUCKET_CLOUD -> new FakeBitbucketCloud();
            case BITBUCKET_DATA_CENTER -> new FakeBitbucketDataCenter();
        };
        return client(checks);
    }

    private ForgeClient client(RequiredCheck... checks) {
        return fake.forge(List.of(checks), time.timer(), pool, () -> Optional.of(FakeForge.TOKEN), rateLimit);
    }

    private static RequiredCheck check(String name, ForgeSettings.ForgeKind kind) {
        return new RequiredCheck(name, kind.name().toLowerCase(), false, List.of());
    }

    private String body(int number) {
        return Json.parse(fake.asked.get(number).body()).toString();
    }

    @ParameterizedTest
    @EnumSource(names = {"GITHUB", "GITEA"})
    void statusesArePostedToGitHubAndGitea(ForgeSettings.ForgeKind kind) throws Exception {
        ForgeClient forge = client(kind);
        forge.post(SHA, new OutgoingStatus(CheckState.PENDING, "Waiting for ci.", Optional.of(PAGE)))
                .join();
        forge.post(SHA, new OutgoingStatus(CheckState.FAILURE, "Evicted.", Optional.empty()))
                .join();

        String api = kind == ForgeSettings.ForgeKind.GITEA ? "/api/v1" : "";
        assertThat(fake.asked)
                .extracting(asked -> asked.method() + " " + asked.uri())
                .containsOnly("POST " + api + "/repos/acme/cfg-app/statuses/" + SHA);
        assertThat(body(0))
                .isEqualTo("{\"context\":\"gitops-waves\",\"description\":\"Waiting for ci.\",\"state\":\"pending\","
                        + "\"target_url\":\"" + PAGE + "\"}");
        assertThat(body(1))
                .isEqualTo("{\"context\":\"gitops-waves\",\"description\":\"Evicted.\",\"state\":\"failure\"}");
    }

    @Test
    void decidedStatusesArePostedToGitLab() throws Exception {
        ForgeClient forge = client(ForgeSettings.ForgeKind.GITLAB);
        forge.post(SHA, new OutgoingStatus(CheckState.PENDING, "Waiting for ci.", Optional.of(PAGE)))
                .join();
        assertThat(fake.asked).as("it would be a job of the pipeline").isEmpty();
        forge.post(SHA, new OutgoingStatus(CheckState.FAILURE, "Evicted.", Optional.of(PAGE)))
                .join();
        forge.post(SHA, new OutgoingStatus(CheckState.SUCCESS, "Merged.", Optional.empty()))
                .join();

        assertThat(fake.asked)
                .extracting(asked -> asked.method() + " " + asked.uri())
                .containsOnly("POST /api/v4/projects/acme%2Fcfg-app/statuses/" + SHA);
        assertThat(body(0))
                .isEqualTo("{\"description\":\"Evicted.\",\"name\":\"gitops-waves\",\"state\":\"failed\","
                        + "\"target_url\":\"" + PAGE + "\"}");
        assertThat(body(1)).isEqualTo("{\"description\":\"Merged.\",\"name\":\"gitops-waves\",\"state\":\"success\"}");
    }

    /** How many requests one look costs, by which the rate limit is shared. */
    @ParameterizedTest
    @CsvSource({
        "GITHUB, schema, 2",
        "GITLAB, schema, 3",
        "GITEA, schema, 1",
        "BITBUCKET_CLOUD, schema, 1",
        "BITBUCKET_CLOUD, pipeline, 2",
        "BITBUCKET_DATA_CENTER, schema, 1"
    })
    void theRateLimitIsSharedByClientsAndRequests(ForgeSettings.ForgeKind kind, String name, int requests)
            throws Exception {
        ForgeClient one = client(kind, check(name, kind));
        ForgeClient other = client(check(name, kind));
        String reset = String.valueOf(time.instant().plusSeconds(1000).getEpochSecond());
        // A tenth is left to others: 100 requests in 1000 seconds.
        rateLimit.learn(
                200,
                HttpHeaders.of(
                        Map.of(
                                "X-RateLimit-Limit", List.of("1000"),
                                "X-RateLimit-Remaining", List.of("200"),
                                "X-RateLimit-Reset", List.of(reset)),
                        (header, value) -> true));

        assertThat(one.fetch(SHA, Set.of("auto", "auto-ci/1")).join().pause())
                .isEqualTo(Duration.ofSeconds(2 * 10L * requests));
        assertThat(fake.asked).hasSize(requests);
        other.close();
        assertThat(one.fetch(SHA, Set.of("auto", "auto-ci/1")).join().pause())
                .isEqualTo(Duration.ofSeconds(10L * requests));
        assertThat(one.settings().kind()).isEqualTo(kind);
        assertThat(one.name()).isEqualTo(kind.name().toLowerCase().replaceFirst("_.*", ""));
        assertThat(one.isEnabled()).isFalse();
        assertThat(ForgeClient.of(
                                new ForgeSettings(kind, fake.url(), "acme/cfg-app", true, true),
                                HttpClient.newHttpClient(),
                                time.timer(),
                                pool,
                                Optional::empty,
                                rateLimit)
                        .isEnabled())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GITHUB | '' | acme/cfg-app | apiUrl is missing; give the address of the server",
                "GITEA | '' | acme/cfg-app | url is missing; give the address of the server",
                "GITEA | ftp://git.example.com | acme/cfg-app | url ",
                "GITLAB | https://git.example.com | acme | project \"acme\" is not the name of a repository there; it"
                        + " should look like acme/cfg-app.",
                "GITHUB | https://git.example.com | acme/cfg-app.git | repository \"acme/cfg-app.git\" is not the name"
                        + " of a repository there; leave out .git, so that it looks like acme/cfg-app."
            })
    void settingsThatCannotBeRightAreRefused(
            ForgeSettings.ForgeKind kind, String url, String repository, String sentence) throws Exception {
        fake = new FakeGitHub();
        assertThatThrownBy(() -> new ForgeSettings(kind, url, repository, false, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(sentence);
        assertThat(new ForgeSettings(kind, "https://git.example.com/", "acme/cfg-app", false, true))
                .isEqualTo(new ForgeSettings(kind, "https://git.example.com", "acme/cfg-app", false, true));
    }

    @ParameterizedTest
    @CsvSource({
        "GITEA, /api/v1/repos/acme/cfg-app",
        "BITBUCKET_CLOUD, /2.0/repositories/acme/cfg-app",
        "BITBUCKET_DATA_CENTER, /rest/api/latest/projects/acme/repos/cfg-app"
    })
    void theTestOfAConnectionAsksForTheRepository(ForgeSettings.ForgeKind kind, String path) throws Exception {
        ForgeClient forge = client(kind);
        forge.checkAccess().join();
        assertThat(fake.asked).extracting(FakeForge.Asked::uri).containsExactly(path);

        fake.answerAlways(403, Map.of(), "");
        assertThat(catchThrowable(() -> forge.checkAccess().join()))
                .hasMessageContaining("does not let the token do this");
    }

    @Test
    void theTestOfAConnectionAsksGitHubForWhatIsReadOfIt() throws Exception {
        client(ForgeSettings.ForgeKind.GITHUB).checkAccess().join();

        assertThat(fake.asked)
                .extracting(FakeForge.Asked::uri)
                .containsExactly(
                        "/repos/acme/cfg-app",
                        "/repos/acme/cfg-app/commits/HEAD/status?per_page=1",
                        "/repos/acme/cfg-app/commits/HEAD/check-runs?filter=latest&per_page=1");
        assertThat(fake.asked)
                .as("the form of the API that is asked for, over plain HTTP/1.1")
                .allSatisfy(asked -> assertThat(asked.headers())
                        .containsEntry("Accept", "application/vnd.github+json")
                        .containsEntry("X-github-api-version", "2022-11-28")
                        .doesNotContainKey("Upgrade"));
    }

    private ForgeUnavailable failure(ForgeClient forge) {
        return (ForgeUnavailable)
                catchThrowable(() -> forge.fetch(SHA, Set.of("auto")).join()).getCause();
    }

    @Test
    void anAnswerThatDoesNotComeIsWaitedForThirtySeconds() throws Exception {
        ForgeClient forge = client(ForgeSettings.ForgeKind.GITEA);
        fake.hold();
        var fetched = forge.fetch(SHA, Set.of("auto"));
        await().until(() -> !fake.asked.isEmpty());
        time.turn(Duration.ofMillis(29_999));
        assertThat(fetched).isNotDone();
        time.turn(Duration.ofMillis(1));

        assertThat(catchThrowable(fetched::join)).hasMessageContaining("did not answer in time");
        fake.release();
    }

    @Test
    void anAnswerThatHasComeIsWaitedForNoMore() throws Exception {
        client(ForgeSettings.ForgeKind.GITEA).fetch(SHA, Set.of("auto")).join();

        // The deadline of the token is cancelled on the thread that looked it up.
        await().until(() -> time.untilNext().equals(Duration.ofDays(1)));
    }

    @Test
    void whyAForgeCannotBeReachedIsKept() throws Exception {
        ForgeClient forge = client(ForgeSettings.ForgeKind.GITEA);
        fake.close();

        assertThat(failure(forge)).hasCauseInstanceOf(ConnectException.class);
        fake = new FakeGitea();
        fake.answerAlways(500, Map.of(), "");
        assertThat(failure(client())).hasNoCause();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "300 | https://other.example.com/x?token=secret | redirects to https://other.example.com, which is",
                "399 | https://other.example.com/x | redirects to https://other.example.com, which is",
                "302 | mailto:ann@example.com | redirects, which is",
                "302 | http://[ | redirects, which is",
                "302 | '' | has acme/cfg-app at another address",
                "302 | /api/v1/repositories/7 | has acme/cfg-app at another address",
                "302 | /elsewhere | redirects to http://127.0.0.1, which is",
                "400 | https://other.example.com/x | answers with status 400; it is asked again."
            })
    void aRedirectIsToldByWhereItLeads(int status, String location, String words) throws Exception {
        ForgeClient forge = client(ForgeSettings.ForgeKind.GITEA);
        fake.answerAlways(status, Map.of("Location", location), "");

        assertThat(failure(forge)).hasMessageContaining(words).hasMessageNotContaining("secret");
    }

    @Test
    void onlyALinkToTheNextPageLeadsOn() throws Exception {
        ForgeClient forge = client(ForgeSettings.ForgeKind.GITEA);
        fake.answerAlways(
                200,
                Map.of("Content-Type", "application/json", "Link", "<https://forge.example.com/?page=1>; rel=\"last\""),
                "{\"sha\":\"" + SHA + "\",\"statuses\":[{\"id\":1,\"context\":\"ci\",\"status\":\"pending\"}]}");

        assertThat(forge.fetch(SHA, Set.of("auto")).join().results()).hasSize(1);
        assertThat(fake.asked).hasSize(1);
    }

    @Test
    void aPageOfTenMayBeFollowedByAnother() throws Exception {
        ForgeClient forge = client(ForgeSettings.ForgeKind.GITEA, check("w / j", ForgeSettings.ForgeKind.GITEA));
        var gitea = (FakeGitea) fake;
        gitea.limitPages(10, 0);
        for (int number = 0; number < 10; number++) {
            gitea.status(SHA, "status-" + number, "success");
        }
        gitea.job(SHA, "w / j (push)", "failure", 7, "");
        gitea.job(SHA, "w / j (push)", "success", 8, "");

        assertThat(forge.fetch(SHA, Set.of("auto")).join().results())
                .extracting(result ->
                        result.status().context() + " " + result.status().state())
                .contains("status-9 success", "w / j success", "w / j failure");
    }
}
