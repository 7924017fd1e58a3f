package io.jenkins.plugins.gitops.ci.forges;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.ci.CheckResult;
import io.jenkins.plugins.gitops.ci.CheckStateMapping;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.ci.CommitRange;
import io.jenkins.plugins.gitops.ci.OutgoingStatus;
import io.jenkins.plugins.gitops.ci.RequiredCheck;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Reads and posts check results of Bitbucket Data Center: build statuses of a repository, whose keys are the names of
 * checks. The list of all statuses of a commit is not read, since it has those of forks and of other repositories too,
 * where others may report; each required check is requested by its key instead. {@code docs/howto/bitbucket.md} names the
 * document behind each of these rules.
 */
final class BitbucketDataCenterClient implements ForgeClient {

    private final ForgeHttpClient http;
    private final String repository;

    BitbucketDataCenterClient(
            ForgeSettings settings, ForgeHttpClient.Transport transport, ForgeToken token, RateLimit rateLimit) {
        http = new ForgeHttpClient(
                settings,
                "/rest/api/latest",
                Map.of("Accept", "application/json"),
                "Bearer",
                transport,
                token,
                rateLimit);
        String[] path = settings.repository().split("/");
        repository = "/projects/" + path[0] + "/repos/" + path[1];
        rateLimit.join();
    }

    @Override
    public ForgeSettings settings() {
        return http.settings();
    }

    @Override
    public CompletableFuture<PollResult> fetch(String sha, Set<String> branches) {
        CompletableFuture<List<CheckResult>> results = CompletableFuture.completedFuture(new ArrayList<>());
        for (RequiredCheck check : settings().checks()) {
            String key = URLEncoder.encode(check.name(), StandardCharsets.UTF_8);
            results = results.thenCombine(
                    http.find(builds(sha) + "?key=" + key, json -> status(json, check.name())), (all, found) -> {
                        found.ifPresent(all::add);
                        return all;
                    });
        }
        return results.thenApply(all -> new PollResult(
                all,
                http.rateLimit()
                        .pause()
                        .multipliedBy(Math.max(1, settings().checks().size()))));
    }

    private String builds(String sha) {
        return repository + "/commits/" + sha + "/builds";
    }

    private static CheckResult status(JsonNode status, String key) {
        if (!key.equals(ForgeJsonReader.word(status, "key"))) {
            throw new MalformedJsonException("is about another build");
        }
        Optional<String> description = ForgeJsonReader.line(status, "description");
        JsonNode changed = status.path("updatedDate");
        long milliseconds = changed.isIntegralNumber()
                ? changed.asLong()
                : status.path("createdDate").asLong();
        return new CheckResult(
                new CheckStatus(
                        key,
                        CheckStateMapping.BITBUCKET.state(ForgeJsonReader.word(status, "state"), description),
                        ForgeJsonReader.link(status, "url"),
                        description,
                        Instant.ofEpochMilli(milliseconds),
                        milliseconds),
                CheckResult.NO_APP);
    }

    @Override
    public CompletableFuture<CommitRange> commitsBetween(String from, String to) {
        return http.get(repository + "/commits?since=" + from + "&until=" + to + "&limit=100", json -> {
            List<CommitRange.Commit> commits = ForgeJsonReader.commits(
                    json.path("values"),
                    commit -> ForgeJsonReader.commit(
                            ForgeJsonReader.word(commit, "id"),
                            ForgeJsonReader.word(commit, "message"),
                            ForgeJsonReader.text(commit.path("author"), "displayName")
                                    .orElseGet(() -> ForgeJsonReader.word(commit.path("author"), "name")),
                            Instant.ofEpochMilli(
                                    commit.path("committerTimestamp").asLong())));
            return CommitRange.of(
                    commits, commits.size(), !json.path("isLastPage").asBoolean(true));
        });
    }

    @Override
    public CompletableFuture<Void> checkAccess() {
        return http.checkAccess(repository);
    }

    @Override
    public CompletableFuture<Void> post(String sha, OutgoingStatus status) {
        return http.post(builds(sha), body(status, settings().url() + repository + "/commits/" + sha));
    }

    /**
     * Returns a status of the plugin in the form that both kinds of Bitbucket accept.
     *
     * @param page the page for a status without one, since Bitbucket wants an address
     */
    static String body(OutgoingStatus status, String page) {
        var json = Json.object();
        json.put("key", OutgoingStatus.CONTEXT);
        json.put("name", OutgoingStatus.CONTEXT);
        json.put("description", status.description());
        json.put(
                "state",
                switch (status.state()) {
                    case SUCCESS -> "SUCCESSFUL";
                    case FAILURE -> "FAILED";
                    default -> "INPROGRESS";
                });
        json.put("url", status.url().orElse(page));
        return Json.write(json);
    }

    @Override
    public void close() {
        http.rateLimit().leave();
    }
}
