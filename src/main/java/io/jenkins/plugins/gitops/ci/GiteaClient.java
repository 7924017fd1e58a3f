package io.jenkins.plugins.gitops.ci;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.ci.ForgeHttpClient.Page;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Reads and posts check results of Gitea and Forgejo, which have commit statuses only. The combined status has the
 * newest status of each context.
 */
final class GiteaClient implements ForgeClient {

    /** A page with fewer entries is the last one: servers may limit pages below the requested size, but not to this. */
    private static final int SHORT_PAGE = 10;

    private final ForgeHttpClient http;
    private final String repository;

    GiteaClient(ForgeSettings settings, ForgeHttpClient.Transport transport, ForgeToken token, RateLimit rateLimit) {
        http = new ForgeHttpClient(
                settings, "/api/v1", Map.of("Accept", "application/json"), "token", transport, token, rateLimit);
        repository = "/repos/" + settings.repository();
        rateLimit.join();
    }

    @Override
    public ForgeSettings settings() {
        return http.settings();
    }

    @Override
    public CompletableFuture<PollResult> fetch(String sha, Set<String> branches) {
        return http.list(
                        page -> repository + "/commits/" + sha + "/status?limit=50&page=" + page,
                        json -> statuses(json, sha))
                .thenApply(all -> new PollResult(
                        CheckResult.latestOfEach(all), http.rateLimit().pause()));
    }

    private static Page statuses(JsonNode json, String sha) {
        JsonNode list = json.path("statuses");
        if (json.isMissingNode() || json.isObject() && (list.isNull() || list.isMissingNode() || list.isEmpty())) {
            return new Page(List.of(), 0, false);
        }
        if (!sha.equals(ForgeJsonReader.word(json, "sha"))) {
            throw new MalformedJsonException("is about another commit");
        }
        var results = new ArrayList<CheckResult>();
        for (JsonNode status : ForgeJsonReader.list(list, "statuses")) {
            results.add(GitHubClient.result(status, state(ForgeJsonReader.word(status, "status"))));
        }
        return new Page(results, list.size(), list.size() >= SHORT_PAGE);
    }

    /** Returns the state of that name; {@code PENDING} for an unknown name. */
    private static CheckState state(String word) {
        return switch (word) {
            case "success" -> CheckState.SUCCESS;
            case "failure" -> CheckState.FAILURE;
            case "error" -> CheckState.ERROR;
            case "warning" -> CheckState.NEUTRAL;
            case "skipped" -> CheckState.SKIPPED;
            default -> CheckState.PENDING;
        };
    }

    @Override
    public CompletableFuture<Void> checkAccess() {
        return http.checkAccess(repository);
    }

    @Override
    public CompletableFuture<Void> post(String sha, OutgoingStatus status) {
        return http.post(repository + "/statuses/" + sha, GitHubClient.body(status));
    }

    @Override
    public void close() {
        http.rateLimit().leave();
    }
}
