package io.jenkins.plugins.gitops.ci;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.ci.ForgeHttpClient.Page;
import io.jenkins.plugins.gitops.common.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Reads and posts check results of GitLab. The commit statuses of its API are jobs and the statuses that other systems
 * post, by branch, so that each branch of the commit is requested. The pipelines together are one check with the name
 * {@link #PIPELINE}.
 */
final class GitLabClient implements ForgeClient {

    /** The name of the check that is green if the newest pipeline of each kind is green. */
    static final String PIPELINE = "pipeline";

    /** The source of pipelines that contain only statuses of other systems, which are checks by their own names. */
    private static final String EXTERNAL = "external";

    private final ForgeHttpClient http;
    private final String project;

    GitLabClient(ForgeSettings settings, ForgeHttpClient.Transport transport, ForgeToken token, RateLimit rateLimit) {
        http = new ForgeHttpClient(
                settings, "/api/v4", Map.of("Accept", "application/json"), "Bearer", transport, token, rateLimit);
        project = "/projects/" + encoded(settings.repository());
        rateLimit.join();
    }

    @Override
    public ForgeSettings settings() {
        return http.settings();
    }

    @Override
    public CompletableFuture<PollResult> fetch(String sha, Set<String> branches) {
        CompletableFuture<List<CheckResult>> statuses = CompletableFuture.completedFuture(List.of());
        for (String branch : new TreeSet<>(branches)) {
            String path = project + "/repository/commits/" + sha + "/statuses?ref=" + encoded(branch);
            statuses = statuses.thenCombine(
                    http.list(page -> path + "&per_page=100&page=" + page, json -> statuses(json, sha)),
                    GitLabClient::together);
        }
        CompletableFuture<List<CheckResult>> pipelines = http.list(
                page -> project + "/pipelines?sha=" + sha + "&per_page=100&page=" + page,
                json -> pipelines(json, sha, branches));
        return statuses.thenCombine(
                pipelines,
                (jobs, whole) -> new PollResult(
                        together(CheckResult.latestOfEach(jobs), newestOfEachKind(whole)),
                        http.rateLimit().pause().multipliedBy(branches.size() + 1L)));
    }

    private static List<CheckResult> together(List<CheckResult> one, List<CheckResult> other) {
        var all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }

    private static Page statuses(JsonNode json, String sha) {
        var results = new ArrayList<CheckResult>();
        for (JsonNode status : ForgeJsonReader.list(json, "statuses")) {
            if (sha.equals(ForgeJsonReader.word(status, "sha"))) {
                CheckState state = state(ForgeJsonReader.word(status, "status"));
                boolean mayFail = status.path("allow_failure").asBoolean() && state == CheckState.FAILURE;
                results.add(result(ForgeJsonReader.word(status, "name"), mayFail ? CheckState.NEUTRAL : state, status));
            }
        }
        return new Page(results, json.size(), false);
    }

    private static Page pipelines(JsonNode json, String sha, Set<String> branches) {
        var results = new ArrayList<CheckResult>();
        for (JsonNode pipeline : ForgeJsonReader.list(json, "pipelines")) {
            String kind = ForgeJsonReader.word(pipeline, "source");
            boolean asked = sha.equals(ForgeJsonReader.word(pipeline, "sha"))
                    && branches.contains(ForgeJsonReader.word(pipeline, "ref"));
            if (asked && !kind.equals(EXTERNAL)) {
                results.add(result(kind, state(ForgeJsonReader.word(pipeline, "status")), pipeline));
            }
        }
        return new Page(results, json.size(), false);
    }

    private static CheckResult result(String name, CheckState state, JsonNode node) {
        return new CheckResult(
                new CheckStatus(
                        name,
                        state,
                        ForgeJsonReader.link(node, "target_url").or(() -> ForgeJsonReader.link(node, "web_url")),
                        ForgeJsonReader.line(node, "description"),
                        ForgeJsonReader.time(node, "finished_at", "updated_at", "started_at", "created_at"),
                        node.path("id").asLong()),
                CheckResult.NO_APP);
    }

    /** Returns the newest pipeline of each kind, such as push and schedule; all of them have to succeed. */
    private static List<CheckResult> newestOfEachKind(List<CheckResult> pipelines) {
        return CheckResult.latestOfEach(pipelines).stream()
                .map(CheckResult::status)
                .map(status -> new CheckStatus(
                        PIPELINE, status.state(), status.url(), status.description(), status.at(), status.run()))
                .map(status -> new CheckResult(status, CheckResult.NO_APP))
                .toList();
    }

    /** Returns the state of that name; {@code PENDING} for an unknown name. */
    private static CheckState state(String word) {
        return switch (word) {
            case "success" -> CheckState.SUCCESS;
            case "failed" -> CheckState.FAILURE;
            case "canceled" -> CheckState.CANCELLED;
            case "skipped" -> CheckState.SKIPPED;
            case "manual" -> CheckState.ACTION_REQUIRED;
            default -> CheckState.PENDING;
        };
    }

    @Override
    public CompletableFuture<Void> checkAccess() {
        return http.checkAccess(project);
    }

    @Override
    public CompletableFuture<Void> post(String sha, OutgoingStatus status) {
        if (status.state() == CheckState.PENDING) {
            // A pending status would become a job of the commit's pipeline, which would then wait for it.
            return CompletableFuture.completedFuture(null);
        }
        var json = Json.object();
        json.put("description", status.description());
        json.put("name", OutgoingStatus.CONTEXT);
        json.put(
                "state",
                status.state() == CheckState.FAILURE ? "failed" : status.state().toString());
        status.url().ifPresent(url -> json.put("target_url", url));
        return http.post(project + "/statuses/" + sha, Json.write(json));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.rateLimit().leave();
    }
}
