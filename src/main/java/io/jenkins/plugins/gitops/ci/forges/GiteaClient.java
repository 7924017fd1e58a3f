package io.jenkins.plugins.gitops.ci.forges;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.ci.CheckResult;
import io.jenkins.plugins.gitops.ci.CheckStateMapping;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.ci.CommitRange;
import io.jenkins.plugins.gitops.ci.OutgoingStatus;
import io.jenkins.plugins.gitops.ci.forges.ForgeHttpClient.Page;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and posts check results of Gitea and Forgejo, which have commit statuses only. The combined status has the
 * newest status of each context.
 */
final class GiteaClient implements ForgeClient {

    /** A page with fewer entries is the last one: servers may limit pages below the requested size, but not to this. */
    private static final int SHORT_PAGE = 10;

    /** A context of Gitea's own Actions: workflow, job and event. */
    private static final Pattern JOB_OF_EVENT = Pattern.compile(
            "(?<job>.+ / .+) \\((?<event>push|pull_request|pull_request_target|pull_request_sync|schedule|create|"
                    + "release|workflow_dispatch|workflow_run|workflow_call|repository_dispatch)\\)");

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
            CheckResult result = GitHubClient.result(status, CheckStateMapping.GITEA, "status");
            results.add(result);
            jobOfAnyEvent(result).ifPresent(results::add);
        }
        return new Page(results, list.size(), list.size() >= SHORT_PAGE);
    }

    /**
     * Returns the result as one of the job alone, {@code ci / build}, if it is of a job of Gitea's own Actions: these
     * report {@code ci / build (push)} and {@code ci / build (pull_request)}, which are two runs of one job.
     */
    private static Optional<CheckResult> jobOfAnyEvent(CheckResult result) {
        CheckStatus status = result.status();
        Matcher job = JOB_OF_EVENT.matcher(status.context());
        return job.matches()
                ? Optional.of(new CheckResult(
                        new CheckStatus(
                                job.group("job"),
                                status.state(),
                                status.url(),
                                status.description(),
                                status.at(),
                                status.run()),
                        result.app(),
                        Optional.of(job.group("event"))))
                : Optional.empty();
    }

    @Override
    public CompletableFuture<CommitRange> commitsBetween(String from, String to) {
        return http.get(
                repository + "/compare/" + from + "..." + to + "?files=false&verification=false",
                json -> CommitRange.of(
                        ForgeJsonReader.commits(json.path("commits"), ForgeJsonReader::commit),
                        json.path("total_commits").asInt(),
                        false));
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
