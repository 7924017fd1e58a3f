package io.jenkins.plugins.gitops.ci.forges;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.ci.CheckResult;
import io.jenkins.plugins.gitops.ci.CheckState;
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
 * newest status of each context; that of each run of Actions under a context is in the list of all statuses. The rules are
 * what a real Gitea did ({@code GiteaRecordedTest}).
 */
final class GiteaClient implements ForgeClient {

    /** A page with fewer entries is the last one: servers may limit pages below the requested size, but not to this. */
    private static final int SHORT_PAGE = 10;

    /** A context of Gitea's own Actions: workflow, job and event. */
    private static final Pattern JOB_OF_EVENT = Pattern.compile(
            "(?<job>.+ / .+) \\((?<event>push|pull_request|pull_request_target|pull_request_sync|schedule|create|"
                    + "release|workflow_dispatch|workflow_run|workflow_call|repository_dispatch)\\)");

    private static final Pattern RUN = Pattern.compile("/actions/runs/(?<run>\\d{1,18})(?:/|$)");

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
        String commit = repository + "/commits/" + sha;
        return http.list(page -> commit + "/status?limit=50&page=" + page, json -> statuses(json, sha))
                .thenCompose(newest -> {
                    if (newest.stream().noneMatch(this::mayHideOthers)) {
                        return CompletableFuture.completedFuture(new PollResult(
                                CheckResult.latestOfEach(withJobs(newest)),
                                http.rateLimit().pause()));
                    }
                    return ListedResults.of(
                                    http.list(page -> commit + "/statuses?limit=50&page=" + page, GiteaClient::history))
                            .thenApply(all -> new PollResult(
                                    CheckResult.latestOfEach(withJobs(withRuns(newest, all.results()))),
                                    http.rateLimit().pause().multipliedBy(2)));
                });
    }

    /**
     * Whether the newest status of a context hides others that count: two workflows of one name have the same contexts,
     * and the combined status has only what was reported last. It matters where a required check would be green.
     */
    private boolean mayHideOthers(CheckResult result) {
        CheckStatus status = result.status();
        return result.suite().isPresent()
                && status.state() == CheckState.SUCCESS
                && settings().checks().stream()
                        .anyMatch(check -> check.name().equals(status.context())
                                || status.context().startsWith(check.name() + " ("));
    }

    /**
     * Returns the newest status of each context, and of each run of Actions under one. A run that was cancelled for a
     * later one of the same context does not count.
     */
    private static List<CheckResult> withRuns(List<CheckResult> newest, List<CheckResult> all) {
        var results = new ArrayList<>(newest);
        CheckResult.latestOfEach(all).stream()
                .filter(other -> other.suite().isPresent() && other.status().state() != CheckState.CANCELLED)
                .filter(other -> newest.stream()
                        .anyMatch(shown ->
                                shown.status().context().equals(other.status().context())
                                        && shown.suite().isPresent()
                                        && !shown.suite().equals(other.suite())))
                .forEach(results::add);
        return results;
    }

    /** Returns the results with those of jobs whatever their event. */
    private static List<CheckResult> withJobs(List<CheckResult> results) {
        var all = new ArrayList<>(results);
        results.forEach(result -> jobOfAnyEvent(result).ifPresent(all::add));
        return all;
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
            results.add(result(status));
        }
        return new Page(results, list.size(), list.size() >= SHORT_PAGE);
    }

    /** All that was reported, in no certain order. */
    private static Page history(JsonNode json) {
        JsonNode list = ForgeJsonReader.list(json, "statuses");
        var results = new ArrayList<CheckResult>();
        list.forEach(status -> results.add(result(status)));
        return new Page(results, list.size(), list.size() >= SHORT_PAGE);
    }

    /** Reads a status. One of Actions links to its run, {@code /acme/cfg-app/actions/runs/45/jobs/45}. */
    private static CheckResult result(JsonNode status) {
        CheckResult read = GitHubClient.result(status, CheckStateMapping.GITEA, "status");
        Matcher run = RUN.matcher(ForgeJsonReader.word(status, "target_url"));
        boolean ofActions = JOB_OF_EVENT.matcher(read.status().context()).matches() && run.find();
        return new CheckResult(read.status(), read.app(), ofActions ? Optional.of(run.group("run")) : Optional.empty());
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
                        Optional.of(job.group("event")
                                + result.suite().map(run -> " " + run).orElse(""))))
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
