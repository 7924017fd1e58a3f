package io.jenkins.plugins.gitops.ci.forges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.ci.CommitRange;
import io.jenkins.plugins.gitops.common.ForgeUnavailable;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The commits between two commits, in the form in which each forge answers a comparison. */
class ForgeCommitsTest {

    private static final String FROM = "1".repeat(40);
    private static final String TO = "2".repeat(40);
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    private FakeForge fake;

    @AfterEach
    void end() {
        timer.shutdownNow();
        fake.close();
    }

    private CommitRange read(FakeForge answering) {
        fake = answering;
        return fake.forge(timer, timer, () -> Optional.of(FakeForge.TOKEN), new RateLimit(Clock.systemUTC()))
                .commitsBetween(FROM, TO)
                .join();
    }

    private static String sha(int number) {
        return String.format("%040x", number);
    }

    /** A commit of the form of GitHub and Gitea, made as many minutes after eight as its number says. */
    private static String commit(int number) {
        return """
            {"sha":"%s","node_id":"MDY6","html_url":"https://github.example.com/acme/app/commit/%s","parents":[],
             "commit":{"message":"Change %d\\n\\nIn detail.","comment_count":0,"tree":{"sha":"%s"},
               "author":{"name":"Ann Meier","email":"ann@example.com","date":"2026-11-23T07:00:00Z"},
               "committer":{"name":"GitHub","email":"noreply@example.com","date":"%s"}},
             "author":{"login":"ann","id":1},"committer":null}
            """.formatted(sha(number), sha(number), number, sha(0), at(number));
    }

    private static Instant at(int number) {
        return Instant.parse("2026-11-24T08:00:00Z").plusSeconds(60L * number);
    }

    private static String commits(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(ForgeCommitsTest::commit)
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String comparison(int total, String commits) {
        return """
            {"url":"https://api.github.example.com/x","status":"ahead","ahead_by":%d,"behind_by":0,"total_commits":%d,
             "base_commit":%s,"merge_base_commit":%s,"commits":%s,"files":[{"filename":"a","patch":"@@ -1 +1 @@"}]}
            """.formatted(total, total, commit(0), commit(0), commits);
    }

    @Test
    void gitHubComparesTheOldestCommitFirst() throws Exception {
        var gitHub = new FakeGitHub();
        gitHub.answerNext(200, JSON, comparison(2, commits(1, 2)));

        CommitRange range = read(gitHub);

        assertThat(range)
                .isEqualTo(new CommitRange(
                        List.of(
                                new CommitRange.Commit(sha(2), "Change 2", "Ann Meier", at(2)),
                                new CommitRange.Commit(sha(1), "Change 1", "Ann Meier", at(1))),
                        2,
                        false,
                        Optional.empty()));
        assertThat(gitHub.asked).singleElement().satisfies(asked -> {
            assertThat(asked.uri())
                    .isEqualTo("/repos/acme/cfg-app/compare/" + FROM + "..." + TO + "?per_page=100&page=1");
            assertThat(asked.authorization()).isEqualTo("Bearer " + FakeForge.TOKEN);
        });
    }

    @Test
    void ofManyCommitsGitHubIsAskedForTheLastPagesOnly() throws Exception {
        var gitHub = new FakeGitHub();
        gitHub.answerNext(200, JSON, comparison(801, commits(1, 100)));
        gitHub.answerNext(200, JSON, comparison(801, commits(701, 800)));
        gitHub.answerNext(200, JSON, comparison(801, commits(701, 800)));

        CommitRange range = read(gitHub);

        assertThat(range.count()).isEqualTo(801);
        assertThat(range.newest()).hasSize(CommitRange.LISTED);
        assertThat(range.newest().get(0).subject()).isEqualTo("Change 800");
        assertThat(gitHub.asked)
                .extracting(asked -> asked.uri().replaceAll(".*&page=", ""))
                .containsExactlyInAnyOrder("1", "8", "9");
    }

    @Test
    void ofTwoPagesOfGitHubTheFirstIsNotReadAgain() throws Exception {
        var gitHub = new FakeGitHub();
        gitHub.answerNext(200, JSON, comparison(200, commits(1, 100)));
        gitHub.answerNext(200, JSON, comparison(200, commits(101, 200)));

        CommitRange range = read(gitHub);

        assertThat(range.newest()).extracting(CommitRange.Commit::subject).startsWith("Change 200", "Change 199");
        assertThat(range.count()).isEqualTo(200);
        assertThat(gitHub.asked).hasSize(2);
    }

    @Test
    void whatIsAnEarlierCommitHasNone() throws Exception {
        var gitHub = new FakeGitHub();
        gitHub.answerNext(200, JSON, "{\"status\":\"behind\",\"behind_by\":4,\"total_commits\":0,\"commits\":[]}");

        assertThat(read(gitHub)).isEqualTo(CommitRange.of(List.of(), 0, false));
    }

    @Test
    void gitLabNamesTitlesAndAuthors() throws Exception {
        var gitLab = new FakeGitLab();
        gitLab.answerNext(200, JSON, """
            {"commit":{"id":"%2$s","title":"Later"},
             "commits":[
              {"id":"%1$s","short_id":"111","title":"Earlier","author_name":"Ann","author_email":"ann@example.com",
               "created_at":"2026-11-24T09:01:00.000+01:00","committed_date":"2026-11-24T09:01:00.000+01:00",
               "message":"Earlier\\n"},
              {"id":"%2$s","short_id":"222","title":"Later","author_name":"Bo","author_email":"bo@example.com",
               "created_at":"2026-11-24T09:02:00.000+01:00","message":"Later\\n"}],
             "diffs":[{"old_path":"a","new_path":"a","diff":"@@"}],"compare_timeout":false,"compare_same_ref":false,
             "web_url":"https://gitlab.example.com/acme/app/-/compare/1...2"}
            """.formatted(sha(1), sha(2)));

        CommitRange range = read(gitLab);

        assertThat(range.newest())
                .containsExactly(
                        new CommitRange.Commit(sha(2), "Later", "Bo", at(2)),
                        new CommitRange.Commit(sha(1), "Earlier", "Ann", at(1)));
        assertThat(range.count()).isEqualTo(2);
        assertThat(gitLab.asked.get(0).uri())
                .isEqualTo("/api/v4/projects/acme%2Fcfg-app/repository/compare?from=" + FROM + "&to=" + TO);
    }

    @Test
    void giteaComparesTheNewestCommitFirst() throws Exception {
        var gitea = new FakeGitea();
        gitea.answerNext(200, JSON, "{\"total_commits\":2,\"commits\":[" + commit(2) + "," + commit(1) + "]}");

        CommitRange range = read(gitea);

        assertThat(range.newest()).extracting(CommitRange.Commit::subject).containsExactly("Change 2", "Change 1");
        assertThat(gitea.asked.get(0).uri())
                .isEqualTo(
                        "/api/v1/repos/acme/cfg-app/compare/" + FROM + "..." + TO + "?files=false&verification=false");
    }

    @Test
    void anOldGiteaThatCannotCompareIsNamed() throws Exception {
        var gitea = new FakeGitea();
        gitea.answerNext(404, JSON, "{\"errors\":null,\"message\":\"not found\",\"url\":\"https://x/api/swagger\"}");

        assertThatThrownBy(() -> read(gitea))
                .hasCauseInstanceOf(ForgeUnavailable.class)
                .hasMessageContaining("Gitea (" + gitea.url() + ") knows nothing of it (404, \"not found\"): check");
    }

    @Test
    void bitbucketCloudNamesUsersAndSaysWhetherThereAreMore() throws Exception {
        var cloud = new FakeBitbucketCloud();
        cloud.answerNext(200, JSON, """
            {"pagelen":100,"next":"https://api.bitbucket.org/2.0/elsewhere?page=2","values":[
              {"type":"commit","hash":"%2$s","date":"2026-11-24T08:02:00+00:00","message":"Later\\n",
               "author":{"type":"author","raw":"bo <bo@example.com>","user":{"display_name":"Bo Lind"}}},
              {"type":"commit","hash":"%1$s","date":"2026-11-24T08:01:00+00:00","message":"Earlier\\n",
               "author":{"type":"author","raw":"Ann Meier <ann@example.com>"}}]}
            """.formatted(sha(1), sha(2)));

        CommitRange range = read(cloud);

        assertThat(range.newest()).extracting(CommitRange.Commit::author).containsExactly("Bo Lind", "Ann Meier");
        assertThat(range.more()).isTrue();
        assertThat(cloud.asked.get(0).uri())
                .isEqualTo("/2.0/repositories/acme/cfg-app/commits/" + TO + "?exclude=" + FROM + "&pagelen=100");
    }

    @Test
    void bitbucketDataCenterNamesUsers() throws Exception {
        var dataCenter = new FakeBitbucketDataCenter();
        dataCenter.answerNext(200, JSON, """
            {"values":[{"id":"%s","displayId":"222","author":{"name":"bo","displayName":"Bo Lind"},
               "authorTimestamp":1,"committerTimestamp":%d,"message":"Later\\n\\nIn detail"},
              {"id":"%s","author":{"name":"bo"},"committerTimestamp":%d,"message":"Earlier"}],
             "size":2,"isLastPage":true,"start":0,"limit":100,"nextPageStart":null}
            """.formatted(sha(2), at(2).toEpochMilli(), sha(1), at(1).toEpochMilli()));

        CommitRange range = read(dataCenter);

        assertThat(range)
                .isEqualTo(CommitRange.of(
                        List.of(
                                new CommitRange.Commit(sha(2), "Later", "Bo Lind", at(2)),
                                new CommitRange.Commit(sha(1), "Earlier", "bo", at(1))),
                        2,
                        false));
        assertThat(dataCenter.asked.get(0).uri()).endsWith("/commits?since=" + FROM + "&until=" + TO + "&limit=100");
    }

    @Test
    void textsOfOthersAreLinesOfABoundedLengthWithoutTheToken() throws Exception {
        var gitHub = new FakeGitHub();
        gitHub.answerNext(
                200,
                JSON,
                comparison(1, commits(1, 1))
                        .replace("Change 1", "a\\u202eb " + FakeForge.TOKEN + " " + "c".repeat(500))
                        .replace("Ann Meier", "d".repeat(500)));

        CommitRange.Commit commit = read(gitHub).newest().get(0);

        assertThat(commit.subject())
                .startsWith("a b ")
                .hasSizeLessThanOrEqualTo(120)
                .doesNotContain("ghs_");
        assertThat(commit.author()).hasSize(80).endsWith("...");
    }

    @Test
    void anAnswerThatIsNoComparisonIsNotTaken() throws Exception {
        var gitHub = new FakeGitHub();
        gitHub.answerNext(200, JSON, "{\"commits\":[{\"sha\":\"../../x\"}]}");

        assertThatThrownBy(() -> read(gitHub)).hasMessageContaining("it has a commit without a SHA");
    }
}
