package io.jenkins.plugins.gitops.ci.forges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.OutgoingStatus;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.ci.RequiredCheckPolicy;
import io.jenkins.plugins.gitops.ci.SourceResponse;
import io.jenkins.plugins.gitops.ci.Verdict;
import io.jenkins.plugins.gitops.ci.Verdict.Color;
import io.jenkins.plugins.gitops.common.ForgeUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks of both kinds of Bitbucket, as Atlassian's documents have them; neither was run. */
class BitbucketChecksTest {

    private static final String SHA = "6a9ca693f6fff83215c00b653bcf2106124705ad";
    private static final String OTHER_SHA = "0000000000000000000000000000000000000001";

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    private FakeBitbucketCloud cloud;
    private FakeBitbucketDataCenter dataCenter;

    @BeforeEach
    void begin() throws Exception {
        cloud = new FakeBitbucketCloud();
        dataCenter = new FakeBitbucketDataCenter();
    }

    @AfterEach
    void end() {
        cloud.close();
        dataCenter.close();
        timer.shutdownNow();
    }

    private ForgeClient client(FakeForge fake, RequiredCheck... checks) {
        return fake.forge(
                List.of(checks), timer, timer, () -> Optional.of(FakeForge.TOKEN), new RateLimit(Clock.systemUTC()));
    }

    private Verdict verdict(FakeForge fake, RequiredCheck... checks) {
        var results = client(fake, checks).fetch(SHA, Set.of("auto")).join().results();
        var clock = Clock.fixed(Instant.parse("2026-11-24T08:02:00Z"), ZoneOffset.UTC);
        return new RequiredCheckPolicy(List.of(checks), Duration.ofMinutes(30), clock)
                .judge(Map.of("bitbucket", SourceResponse.of(results)));
    }

    private static RequiredCheck check(String name) {
        return new RequiredCheck(name, "bitbucket", false, List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCESSFUL, GREEN",
        "FAILED, RED",
        "INPROGRESS, UNDECIDED",
        "STOPPED, UNDECIDED",
        "CANCELLED, UNDECIDED",
        "UNKNOWN, UNDECIDED",
        "successful, UNDECIDED",
        "A_WORD_OF_THE_FUTURE, UNDECIDED"
    })
    void aBuildStatusIsTheCheckOfItsKey(String state, Color color) {
        cloud.status(SHA, "schema", state, "");
        dataCenter.build(SHA, "schema", state);

        for (FakeForge fake : List.of(cloud, dataCenter)) {
            Verdict verdict = verdict(fake, check("schema"));
            assertThat(verdict.color()).isEqualTo(color);
            assertThat(verdict.missing()).isEmpty();
            assertThat(verdict(fake, check("Some name")).missing())
                    .as("the name is for people")
                    .containsExactly("Some name");
        }
    }

    @Test
    void aStatusOfAnotherCommitCountsForNothing() {
        cloud.status(OTHER_SHA, "schema", "SUCCESSFUL", "");
        dataCenter.build(OTHER_SHA, "schema", "SUCCESSFUL");

        assertThat(verdict(cloud, check("schema")).missing()).containsExactly("schema");
        assertThat(verdict(dataCenter, check("schema")).missing()).containsExactly("schema");

        cloud.answerAlways(200, Map.of("Content-Type", "application/json"), """
            {"values":[{"key":"schema","state":"SUCCESSFUL",
              "links":{"commit":{"href":"https://api.bitbucket.org/2.0/repositories/x/y/commit/%s"}}}]}
            """.formatted(OTHER_SHA));
        dataCenter.answerAlways(
                200, Map.of("Content-Type", "application/json"), "{\"key\":\"lint\",\"state\":\"SUCCESSFUL\"}");
        assertThat(verdict(cloud, check("schema")).missing()).containsExactly("schema");
        assertThatThrownBy(() -> verdict(dataCenter, check("schema"))).hasMessageContaining("is about another build");
    }

    @Test
    void aFailureThatWasACancellationDecidesNothing() {
        cloud.status(SHA, "schema", "FAILED", "Has been cancelled");

        assertThat(verdict(cloud, check("schema")).color()).isEqualTo(Color.UNDECIDED);
    }

    @Test
    void allPagesAreRead() {
        for (int i = 0; i < 250; i++) {
            cloud.status(SHA, "status-" + i, "SUCCESSFUL", "");
        }
        cloud.status(SHA, "schema", "FAILED", "");

        assertThat(verdict(cloud, check("schema")).isRed()).isTrue();
        assertThat(cloud.asked("/statuses")).isEqualTo(3);
    }

    @Test
    void keysAreRequestedAsTheyAre() {
        dataCenter.build(SHA, "ci/schema & lint?", "SUCCESSFUL");
        dataCenter.build(SHA, "other", "SUCCESSFUL");

        assertThat(verdict(dataCenter, check("ci/schema & lint?"), check("other"))
                        .isGreen())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCESSFUL, SUCCESSFUL, GREEN",
        "SUCCESSFUL, FAILED, RED",
        "FAILED, SUCCESSFUL, RED",
        "SUCCESSFUL, STOPPED, UNDECIDED",
        "SUCCESSFUL, EXPIRED, UNDECIDED",
        "SUCCESSFUL, '', UNDECIDED"
    })
    void ofThePipelinesTheNewestOfEachKindCounts(String branch, String custom, Color color) {
        cloud.pipeline(SHA, 7, "branches", "FAILED");
        cloud.pipeline(SHA, 8, "branches", branch);
        cloud.pipeline(SHA, 9, "custom", custom);
        cloud.pipeline(OTHER_SHA, 10, "custom", "FAILED");

        assertThat(verdict(cloud, check("pipeline")).color()).isEqualTo(color);
    }

    @Test
    void pipelinesAreReadOnlyWhereTheyAreRequired() {
        cloud.status(SHA, "schema", "SUCCESSFUL", "");
        cloud.refuse("/pipelines", 403);

        assertThat(verdict(cloud, check("schema")).isGreen()).isTrue();
        assertThat(client(cloud, check("schema")).checkAccess()).succeedsWithin(Duration.ofSeconds(10));
        assertThatThrownBy(() -> client(cloud, check("pipeline")).checkAccess().join())
                .hasMessageContaining("does not let the token do this");
    }

    @Test
    void aStatusCountsThoughPipelinesMayNotBeRead() {
        cloud.status(SHA, "schema", "FAILED", "");
        cloud.refuse("/pipelines", 403);

        Verdict verdict = verdict(cloud, check("schema"), check("pipeline"));
        assertThat(verdict.isRed()).isTrue();
        cloud.refuse("/statuses", 403);
        assertThatThrownBy(() -> verdict(cloud, check("schema"), check("pipeline")))
                .hasMessageContaining("does not let the token do this");
        assertThatThrownBy(() -> verdict(cloud, check("schema")))
                .hasMessageContaining("does not let the token do this");
    }

    @Test
    void aMissingRepositoryIsNamedAndAMissingBuildIsNot() {
        dataCenter.answerNext(404, Map.of("Content-Type", "application/json"), """
            {"errors":[{"context":null,"message":"Repository acme/cfg-app does not exist.",
              "exceptionName":"com.atlassian.bitbucket.repository.NoSuchRepositoryException"}]}
            """);
        assertThatThrownBy(() -> verdict(dataCenter, check("schema")))
                .hasCauseInstanceOf(ForgeUnavailable.class)
                .hasMessageContaining("Bitbucket Data Center (" + dataCenter.url() + ") knows nothing of it")
                .hasMessageContaining("Repository acme/cfg-app does not exist.");

        dataCenter.answerNext(404, Map.of("Content-Type", "application/json"), """
            {"errors":[{"context":"key","message":"No build status exists.",
              "exceptionName":"com.atlassian.bitbucket.build.status.NoSuchBuildStatusException"}]}
            """);
        assertThat(verdict(dataCenter, check("schema")).missing()).containsExactly("schema");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                   | cannot be used",
                "{}                                   | cannot be used",
                "{\"values\":{}}                      | cannot be used",
                "{\"values\":[],\"values\":[]}        | cannot be used",
                "{\"values\":[                        | cannot be used",
                "{\"values\":[],\"next\":\"https://x\"} | more than 20 pages"
            })
    void whatIsNoListIsNoVerdict(String body, String words) {
        cloud.answerAlways(200, Map.of("Content-Type", "application/json"), body);

        assertThatThrownBy(() -> verdict(cloud, check("schema")))
                .hasCauseInstanceOf(ForgeUnavailable.class)
                .hasMessageContaining(words);
        assertThat(cloud.asked("/statuses")).isLessThanOrEqualTo(20);
    }

    /** Fields of other types are no success, and a status without its commit is of none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"values\":[7]}",
                "{\"values\":[{}]}",
                "{\"values\":[{\"key\":\"schema\",\"state\":\"SUCCESSFUL\"}]}",
                "{\"values\":[{\"key\":\"schema\",\"state\":\"SUCCESSFUL\",\"links\":{\"commit\":[]}}]}"
            })
    void aStatusThatSaysNothingOfItsCommitCountsForNothing(String body) {
        cloud.answerAlways(200, Map.of("Content-Type", "application/json"), body);

        assertThat(verdict(cloud, check("schema")).missing()).containsExactly("schema");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "{}", "{\"key\":7}", "{\"key\":\"schema\",\"key\":\"schema\"}", "{\"key\":"})
    void whatIsNoBuildIsNoVerdict(String body) {
        dataCenter.answerAlways(200, Map.of("Content-Type", "application/json"), body);

        assertThatThrownBy(() -> verdict(dataCenter, check("schema"))).hasCauseInstanceOf(ForgeUnavailable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "[\"SUCCESSFUL\"]", "{\"a\":1}", "null", "true"})
    void aStateThatIsNoWordIsNoSuccess(String state) {
        dataCenter.answerAlways(
                200, Map.of("Content-Type", "application/json"), "{\"key\":\"schema\",\"state\":" + state + "}");
        cloud.answerAlways(200, Map.of("Content-Type", "application/json"), """
            {"values":[{"key":"schema","state":%s,"links":{"commit":{"href":"https://x/commit/%s"}}}]}
            """.formatted(state, SHA));

        for (FakeForge fake : List.of(cloud, dataCenter)) {
            assertThat(verdict(fake, check("schema")).color()).isEqualTo(Color.UNDECIDED);
        }
    }

    @Test
    void theWordsOfItsErrorsAreShown() {
        cloud.answerNext(403, Map.of("Content-Type", "application/json"), """
            {"type":"error","error":{"message":"Your credentials lack one or more required privilege scopes."}}
            """);

        assertThatThrownBy(() -> client(cloud).fetch(SHA, Set.of("auto")).join())
                .hasMessageContaining("Your credentials lack one or more required privilege scopes.");
    }

    @ParameterizedTest
    @CsvSource({
        "401, '', refuses the token (401",
        "403, '', does not let the token do this (403",
        "301, '/2.0/repositories/renamed/cfg-app/', give its present name",
        "302, 'https://elsewhere.example.com/x?token=1', redirects to https://elsewhere.example.com"
    })
    void tokensAndRepositoriesThatAreNotWhatTheyWereAreNamed(int status, String location, String words) {
        Map<String, String> headers = location.isEmpty()
                ? Map.of("Content-Type", "application/json")
                : Map.of("Content-Type", "application/json", "Location", location);
        for (FakeForge fake : List.of(cloud, dataCenter)) {
            boolean elsewhere = fake == dataCenter && location.startsWith("/");
            fake.answerNext(
                    status,
                    elsewhere
                            ? Map.of("Location", "/rest/api/latest/projects/renamed/repos/cfg-app/commits/x")
                            : headers,
                    "{}");

            assertThatThrownBy(() -> client(fake, check("schema"))
                            .fetch(SHA, Set.of("auto"))
                            .join())
                    .hasCauseInstanceOf(ForgeUnavailable.class)
                    .hasMessageContaining(words)
                    .hasMessageNotContaining("token=1");
        }
    }

    @Test
    void statusesArePostedWithAPageAsBitbucketWants() {
        client(cloud)
                .post(SHA, new OutgoingStatus(CheckState.PENDING, "waits for schema", Optional.empty()))
                .join();
        client(dataCenter)
                .post(SHA, new OutgoingStatus(CheckState.FAILURE, "evicted", Optional.of("https://j.example.com/1")))
                .join();

        assertThat(cloud.asked).singleElement().satisfies(asked -> {
            assertThat(asked.uri()).isEqualTo("/2.0/repositories/acme/cfg-app/commit/" + SHA + "/statuses/build");
            assertThat(asked.body())
                    .contains("\"gitops-waves\"", "INPROGRESS", "https://bitbucket.org/acme/cfg-app/commits/" + SHA);
        });
        assertThat(dataCenter.asked).singleElement().satisfies(asked -> {
            assertThat(asked.uri())
                    .isEqualTo("/rest/api/latest/projects/acme/repos/cfg-app/commits/" + SHA + "/builds");
            assertThat(asked.body()).contains("FAILED", "https://j.example.com/1");
        });
    }

    @Test
    void theTimeOfABuildIsThatOfItsLastChange() {
        dataCenter.build(SHA, "schema", "SUCCESSFUL");
        assertThat(verdict(dataCenter, check("schema")).since()).isEqualTo(Instant.ofEpochMilli(1795507260000L));

        dataCenter.answerNext(
                200,
                Map.of("Content-Type", "application/json"),
                "{\"key\":\"schema\",\"state\":\"SUCCESSFUL\",\"createdDate\":1795507200000}");
        assertThat(verdict(dataCenter, check("schema")).since()).isEqualTo(Instant.ofEpochMilli(1795507200000L));
    }

    @ParameterizedTest
    @CsvSource({
        "ops/cfg-app, true",
        "~ada/cfg-app, true",
        "OPS, false",
        "a/b/c, false",
        "~/cfg-app, false",
        "../x, false"
    })
    void aRepositoryOfADataCenterIsAProjectAndAName(String repository, boolean valid) {
        assertThat(ForgeSettings.repositoryProblem(ForgeSettings.ForgeKind.BITBUCKET_DATA_CENTER, repository)
                        .isEmpty())
                .isEqualTo(valid);
    }
}
