package io.jenkins.plugins.gitops.ci.forges;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.ci.CheckResult;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStateMapping;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.ci.CommitRange;
import io.jenkins.plugins.gitops.ci.OutgoingStatus;
import io.jenkins.plugins.gitops.ci.forges.ForgeHttpClient.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Reads and posts check results of Bitbucket Cloud: build statuses, whose keys are the names of checks. The statuses of
 * Bitbucket Pipelines have a new key for each run, so that the pipelines together are one check with the name {@link
 * #PIPELINE}; they are read where such a check is required, since that needs a right of its own. {@code
 * docs/howto/bitbucket.md} names the document behind each of these rules.
 */
final class BitbucketCloudClient implements ForgeClient {

    /** The name of the check that is green if the newest pipeline of each kind is green. */
    static final String PIPELINE = "pipeline";

    private final ForgeHttpClient http;
    private final String repository;
    private final boolean readPipelines;

    BitbucketCloudClient(
            ForgeSettings settings, ForgeHttpClient.Transport transport, ForgeToken token, RateLimit rateLimit) {
        http = new ForgeHttpClient(
                settings, "/2.0", Map.of("Accept", "application/json"), "Bearer", transport, token, rateLimit);
        repository = "/repositories/" + settings.repository();
        readPipelines =
                settings.checks().stream().anyMatch(check -> check.name().equals(PIPELINE));
        rateLimit.join();
    }

    @Override
    public ForgeSettings settings() {
        return http.settings();
    }

    @Override
    public CompletableFuture<PollResult> fetch(String sha, Set<String> branches) {
        CompletableFuture<List<CheckResult>> statuses =
                http.list(page -> commit(sha) + "/statuses?pagelen=100&page=" + page, json -> statuses(json, sha));
        CompletableFuture<List<CheckResult>> pipelines = readPipelines
                ? http.list(
                        page -> repository + "/pipelines?target.commit.hash=" + sha
                                + "&sort=-created_on&pagelen=100&page=" + page,
                        json -> pipelines(json, sha))
                : CompletableFuture.completedFuture(List.of());
        return ListedResults.of(statuses).thenCombine(ListedResults.of(pipelines), (one, other) -> {
            one.requireOneOf(other);
            if (!readPipelines && one.refusal().isPresent()) {
                throw new CompletionException(one.refusal().get());
            }
            var all = new ArrayList<>(one.results());
            all.addAll(other.results());
            var unread = new ArrayList<>(one.unread());
            unread.addAll(other.unread());
            return new PollResult(
                    CheckResult.latestOfEach(all),
                    unread,
                    http.rateLimit().pause().multipliedBy(readPipelines ? 2 : 1));
        });
    }

    private String commit(String sha) {
        return repository + "/commit/" + sha;
    }

    private static Page statuses(JsonNode json, String sha) {
        JsonNode list = ForgeJsonReader.list(json.path("values"), "statuses");
        var results = new ArrayList<CheckResult>();
        for (JsonNode status : list) {
            String commit = ForgeJsonReader.word(status.path("links").path("commit"), "href");
            if (commit.endsWith("/" + sha)) {
                results.add(status(status));
            }
        }
        return new Page(results, list.size(), json.hasNonNull("next"));
    }

    /**
     * Reads a build status. Bitbucket gives it no number, and keeps one for each key, so that the time of its last
     * change stands for the number of its run.
     */
    private static CheckResult status(JsonNode status) {
        Optional<String> description = ForgeJsonReader.line(status, "description");
        var at = ForgeJsonReader.time(status, "updated_on", "created_on");
        return new CheckResult(
                new CheckStatus(
                        ForgeJsonReader.word(status, "key"),
                        CheckStateMapping.BITBUCKET.state(ForgeJsonReader.word(status, "state"), description),
                        ForgeJsonReader.link(status, "url"),
                        description,
                        at,
                        at.toEpochMilli()),
                CheckResult.NO_APP);
    }

    private static Page pipelines(JsonNode json, String sha) {
        JsonNode list = ForgeJsonReader.list(json.path("values"), "pipelines");
        var results = new ArrayList<CheckResult>();
        for (JsonNode pipeline : list) {
            JsonNode target = pipeline.path("target");
            if (sha.equals(ForgeJsonReader.word(target.path("commit"), "hash"))) {
                JsonNode state = pipeline.path("state");
                boolean completed = "COMPLETED".equals(ForgeJsonReader.word(state, "name"));
                JsonNode selector = target.path("selector");
                results.add(new CheckResult(
                        new CheckStatus(
                                PIPELINE,
                                completed
                                        ? CheckStateMapping.BITBUCKET.state(
                                                ForgeJsonReader.word(state.path("result"), "name"))
                                        : CheckState.PENDING,
                                ForgeJsonReader.link(pipeline.path("links").path("html"), "href"),
                                Optional.empty(),
                                ForgeJsonReader.time(pipeline, "completed_on", "created_on"),
                                pipeline.path("build_number").asLong()),
                        CheckResult.NO_APP,
                        // The kind of pipeline, such as "branches", and the pattern in the file that defines it.
                        Optional.of(ForgeJsonReader.word(selector, "type") + " "
                                + ForgeJsonReader.word(selector, "pattern"))));
            }
        }
        return new Page(results, list.size(), json.hasNonNull("next"));
    }

    @Override
    public CompletableFuture<CommitRange> commitsBetween(String from, String to) {
        return http.get(repository + "/commits/" + to + "?exclude=" + from + "&pagelen=100", json -> {
            List<CommitRange.Commit> commits =
                    ForgeJsonReader.commits(json.path("values"), BitbucketCloudClient::commit);
            return CommitRange.of(commits, commits.size(), json.hasNonNull("next"));
        });
    }

    /** Reads a commit. Its author is a user, or only a line with a name and an address in angle brackets. */
    private static CommitRange.Commit commit(JsonNode json) {
        JsonNode author = json.path("author");
        return ForgeJsonReader.commit(
                ForgeJsonReader.word(json, "hash"),
                ForgeJsonReader.word(json, "message"),
                ForgeJsonReader.text(author.path("user"), "display_name")
                        .orElseGet(() -> ForgeJsonReader.word(author, "raw").replaceFirst("<.*", "")),
                ForgeJsonReader.time(json, "date"));
    }

    @Override
    public CompletableFuture<Void> checkAccess() {
        return http.checkAccess(repository)
                .thenCompose(seen -> readPipelines
                        ? http.checkAccess(repository + "/pipelines?pagelen=1")
                        : CompletableFuture.completedFuture(null));
    }

    @Override
    public CompletableFuture<Void> post(String sha, OutgoingStatus status) {
        return http.post(
                commit(sha) + "/statuses/build",
                BitbucketDataCenterClient.body(
                        status, "https://bitbucket.org/" + settings().repository() + "/commits/" + sha));
    }

    @Override
    public void close() {
        http.rateLimit().leave();
    }
}
