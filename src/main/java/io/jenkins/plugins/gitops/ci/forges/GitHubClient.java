package io.jenkins.plugins.gitops.ci.forges;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.ci.CheckResult;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.ci.CheckStateMapping;
import io.jenkins.plugins.gitops.ci.CheckStatus;
import io.jenkins.plugins.gitops.ci.CommitRange;
import io.jenkins.plugins.gitops.ci.OutgoingStatus;
import io.jenkins.plugins.gitops.ci.forges.ForgeHttpClient.Page;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads and posts check results of GitHub and GitHub Enterprise. The API has two lists, commit statuses and check runs,
 * and a name may be in both. Only check runs name their app. A run that is started again stays in its check suite; two
 * workflows, or two events of one workflow, have suites of their own, and each of their runs counts. {@code
 * docs/howto/github-app.md} names the document behind each of these rules.
 */
final class GitHubClient implements ForgeClient {

    private static final int REQUESTS = 2;
    private static final int COMPARED_ON_PAGE = 100;

    private final ForgeHttpClient http;
    private final String repository;

    GitHubClient(ForgeSettings settings, ForgeHttpClient.Transport transport, ForgeToken token, RateLimit rateLimit) {
        http = new ForgeHttpClient(
                settings,
                "",
                Map.of("Accept", "application/vnd.github+json", "X-GitHub-Api-Version", "2022-11-28"),
                "Bearer",
                transport,
                token,
                rateLimit);
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
        CompletableFuture<List<CheckResult>> statuses =
                http.list(page -> commit + "/status?per_page=100&page=" + page, json -> statuses(json, sha));
        CompletableFuture<List<CheckResult>> runs = http.list(
                page -> commit + "/check-runs?filter=latest&per_page=100&page=" + page, json -> checkRuns(json, sha));
        CompletableFuture<List<CheckResult>> workflows = settings().readWorkflows()
                ? http.list(
                        page -> repository + "/actions/runs?head_sha=" + sha + "&per_page=100&page=" + page,
                        json -> workflowRuns(json, sha))
                : CompletableFuture.completedFuture(List.of());
        CompletableFuture<ListedResults> named =
                ListedResults.of(runs).thenCombine(ListedResults.of(workflows), GitHubClient::withWorkflows);
        return ListedResults.of(statuses).thenCombine(named, (one, other) -> {
            one.requireOneOf(other);
            var all = new ArrayList<>(CheckResult.latestOfEach(one.results()));
            all.addAll(CheckResult.latestOfEach(other.results()));
            var unread = new ArrayList<>(one.unread());
            unread.addAll(other.unread());
            return new PollResult(all, unread, http.rateLimit().pause().multipliedBy(requests()));
        });
    }

    /** Returns check runs with their workflows; both may be refused. */
    private static ListedResults withWorkflows(ListedResults runs, ListedResults workflowRuns) {
        return new ListedResults(
                withWorkflows(runs.results(), workflowRuns.results()),
                runs.refusal().or(workflowRuns::refusal));
    }

    private int requests() {
        return settings().readWorkflows() ? REQUESTS + 1 : REQUESTS;
    }

    /** Returns the check runs with the names of their workflows, which are known by their check suites. */
    private static List<CheckResult> withWorkflows(List<CheckResult> runs, List<CheckResult> workflowRuns) {
        var bySuite = new HashMap<Optional<String>, Set<String>>();
        workflowRuns.forEach(run -> bySuite.put(run.suite(), run.workflows()));
        return runs.stream()
                .map(run -> new CheckResult(
                        run.status(), run.app(), run.suite(), bySuite.getOrDefault(run.suite(), Set.of())))
                .toList();
    }

    private static Page statuses(JsonNode json, String sha) {
        if (!sha.equals(ForgeJsonReader.word(json, "sha"))) {
            throw new MalformedJsonException("is about another commit");
        }
        var results = new ArrayList<CheckResult>();
        JsonNode list = ForgeJsonReader.list(json.path("statuses"), "statuses");
        for (JsonNode status : list) {
            results.add(result(status, CheckStateMapping.GITHUB, "state"));
        }
        return new Page(results, list.size(), false);
    }

    /**
     * Reads a commit status in the form that GitHub and Gitea share.
     *
     * @param field the field of the state
     */
    static CheckResult result(JsonNode status, CheckStateMapping words, String field) {
        Optional<String> description = ForgeJsonReader.line(status, "description");
        return new CheckResult(
                new CheckStatus(
                        ForgeJsonReader.word(status, "context"),
                        words.state(ForgeJsonReader.word(status, field), description),
                        ForgeJsonReader.link(status, "target_url"),
                        description,
                        ForgeJsonReader.time(status, "updated_at", "created_at"),
                        status.path("id").asLong()),
                CheckResult.NO_APP);
    }

    private static Page checkRuns(JsonNode json, String sha) {
        var results = new ArrayList<CheckResult>();
        JsonNode list = ForgeJsonReader.list(json.path("check_runs"), "check runs");
        for (JsonNode run : list) {
            if (sha.equals(ForgeJsonReader.word(run, "head_sha"))) {
                boolean completed = "completed".equals(ForgeJsonReader.word(run, "status"));
                results.add(new CheckResult(
                        new CheckStatus(
                                ForgeJsonReader.word(run, "name"),
                                completed
                                        ? CheckStateMapping.GITHUB.state(ForgeJsonReader.word(run, "conclusion"))
                                        : CheckState.PENDING,
                                ForgeJsonReader.link(run, "details_url"),
                                ForgeJsonReader.line(run.path("output"), "title"),
                                ForgeJsonReader.time(run, "completed_at", "started_at"),
                                run.path("id").asLong()),
                        run.path("app").path("id").asLong(),
                        Optional.of(run.path("check_suite").path("id").asText())));
            }
        }
        return new Page(results, list.size(), false);
    }

    private static Page workflowRuns(JsonNode json, String sha) {
        var results = new ArrayList<CheckResult>();
        JsonNode list = ForgeJsonReader.list(json.path("workflow_runs"), "workflow runs");
        for (JsonNode run : list) {
            if (sha.equals(ForgeJsonReader.word(run, "head_sha"))) {
                String name = ForgeJsonReader.word(run, "name");
                // A file may be followed by the branch that it is of: .github/workflows/test.yml@main
                String path = ForgeJsonReader.word(run, "path").replaceFirst("@.*", "");
                results.add(new CheckResult(
                        new CheckStatus(
                                name,
                                CheckState.PENDING,
                                ForgeJsonReader.time(run, "updated_at"),
                                run.path("id").asLong()),
                        CheckResult.NO_APP,
                        Optional.of(run.path("check_suite_id").asText()),
                        Stream.of(name, path, path.substring(path.lastIndexOf('/') + 1))
                                .collect(Collectors.toSet())));
            }
        }
        return new Page(results, list.size(), false);
    }

    /**
     * Reads a comparison, which GitHub has in pages, the oldest commit first: the first page, which has the number of
     * all, and the last two.
     */
    @Override
    public CompletableFuture<CommitRange> commitsBetween(String from, String to) {
        return comparison(from, to, 1).thenCompose(first -> {
            int pages = (first.total() + COMPARED_ON_PAGE - 1) / COMPARED_ON_PAGE;
            if (pages < 2) {
                return CompletableFuture.completedFuture(CommitRange.of(first.commits(), first.total(), false));
            }
            CompletableFuture<Comparison> before =
                    pages == 2 ? CompletableFuture.completedFuture(first) : comparison(from, to, pages - 1);
            return before.thenCombine(comparison(from, to, pages), (one, other) -> {
                var newest = new ArrayList<>(one.commits());
                newest.addAll(other.commits());
                return CommitRange.of(newest, first.total(), false);
            });
        });
    }

    /**
     * One page of a comparison.
     *
     * @param total the number of commits on all pages
     */
    private record Comparison(List<CommitRange.Commit> commits, int total) {}

    private CompletableFuture<Comparison> comparison(String from, String to, int page) {
        return http.get(
                repository + "/compare/" + from + "..." + to + "?per_page=" + COMPARED_ON_PAGE + "&page=" + page,
                json -> new Comparison(
                        ForgeJsonReader.commits(json.path("commits"), ForgeJsonReader::commit),
                        json.path("total_commits").asInt()));
    }

    @Override
    public CompletableFuture<Void> checkAccess() {
        String commit = repository + "/commits/HEAD";
        return http.checkAccess(repository)
                .thenCompose(seen -> http.checkAccess(commit + "/status?per_page=1"))
                .thenCompose(seen -> http.checkAccess(commit + "/check-runs?filter=latest&per_page=1"));
    }

    @Override
    public CompletableFuture<Void> post(String sha, OutgoingStatus status) {
        return http.post(repository + "/statuses/" + sha, body(status));
    }

    /** Returns a status of the plugin in the form that GitHub and Gitea accept. */
    static String body(OutgoingStatus status) {
        var json = Json.object();
        json.put("context", OutgoingStatus.CONTEXT);
        json.put("description", status.description());
        json.put("state", status.state().toString());
        status.url().ifPresent(url -> json.put("target_url", url));
        return Json.write(json);
    }

    @Override
    public void close() {
        http.rateLimit().leave();
    }
}
