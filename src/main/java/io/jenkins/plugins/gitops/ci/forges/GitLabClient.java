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
import io.jenkins.plugins.gitops.remote.RemoteAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Reads and posts check results of GitLab. The commit statuses of its API are jobs and the statuses that other systems
 * post, by branch, so that each branch of the commit is requested. The pipelines together are one check with the name
 * {@link #PIPELINE}. {@code docs/howto/gitlab.md} names the document behind each of these rules.
 */
final class GitLabClient implements ForgeClient {

    /** The name of the check that is green if the newest pipeline of each source is green. */
    static final String PIPELINE = "pipeline";

    /** The source of pipelines that contain only statuses of other systems, which are checks by their own names. */
    private static final String EXTERNAL = "external";

    /** The beginning of the refs of merge requests, whose pipelines test a commit wherever else it was pushed. */
    private static final String MERGE_REQUESTS = "refs/merge-requests/";

    private final ForgeHttpClient http;
    private final String project;

    GitLabClient(ForgeSettings settings, ForgeHttpClient.Transport transport, ForgeToken token, RateLimit rateLimit) {
        http = new ForgeHttpClient(
                settings, "/api/v4", Map.of("Accept", "application/json"), "Bearer", transport, token, rateLimit);
        project = "/projects/" + RemoteAddress.encoded(settings.repository());
        rateLimit.join();
    }

    @Override
    public ForgeSettings settings() {
        return http.settings();
    }

    @Override
    public CompletableFuture<PollResult> fetch(String sha, Set<String> branches) {
        return ListedResults.of(http.list(
                        page -> project + "/pipelines?sha=" + sha + "&per_page=100&page=" + page,
                        json -> pipelines(json, sha, branches)))
                .thenCompose(pipelines -> {
                    var refs = new TreeSet<>(branches);
                    pipelines.results().forEach(pipeline -> refs.addAll(pipeline.workflows()));
                    return ListedResults.of(jobs(sha, refs))
                            .thenApply(jobs -> together(
                                    jobs, pipelines, http.rateLimit().pause().multipliedBy(refs.size() + 1L)));
                });
    }

    /** Without the pipelines nobody knows which of them are of one source, so that the jobs of each count. */
    private static PollResult together(ListedResults jobs, ListedResults pipelines, Duration pause) {
        jobs.requireOneOf(pipelines);
        List<CheckResult> known = pipelines.refusal().isPresent()
                ? CheckResult.latestOfEach(jobs.results())
                : newestOfEachSource(withSources(jobs.results(), pipelines.results()));
        List<CheckResult> own = pipelines.results().stream()
                .filter(pipeline -> !isExternal(pipeline))
                .toList();
        var unread = new ArrayList<>(jobs.unread());
        unread.addAll(pipelines.unread());
        return new PollResult(together(known, newestOfEachSource(own)), unread, pause);
    }

    private CompletableFuture<List<CheckResult>> jobs(String sha, Set<String> refs) {
        CompletableFuture<List<CheckResult>> jobs = CompletableFuture.completedFuture(List.of());
        for (String ref : refs) {
            String path = project + "/repository/commits/" + sha + "/statuses?ref=" + RemoteAddress.encoded(ref);
            jobs = jobs.thenCombine(
                    http.list(page -> path + "&per_page=100&page=" + page, json -> statuses(json, sha)),
                    GitLabClient::together);
        }
        return jobs;
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
                CheckState state = CheckStateMapping.GITLAB.state(
                        ForgeJsonReader.word(status, "status"), ForgeJsonReader.line(status, "description"));
                boolean mayFail = status.path("allow_failure").asBoolean() && state == CheckState.FAILURE;
                results.add(result(
                        ForgeJsonReader.word(status, "name"),
                        mayFail ? CheckState.NEUTRAL : state,
                        status,
                        Optional.of(status.path("pipeline_id").asText())));
            }
        }
        return new Page(results, json.size(), false);
    }

    /** Reads pipelines as results; what a result says of workflows is the ref of its pipeline. */
    private static Page pipelines(JsonNode json, String sha, Set<String> branches) {
        var results = new ArrayList<CheckResult>();
        for (JsonNode pipeline : ForgeJsonReader.list(json, "pipelines")) {
            String ref = ForgeJsonReader.word(pipeline, "ref");
            if (sha.equals(ForgeJsonReader.word(pipeline, "sha"))
                    && (branches.contains(ref) || ref.startsWith(MERGE_REQUESTS))) {
                CheckResult result = result(
                        PIPELINE,
                        CheckStateMapping.GITLAB.state(ForgeJsonReader.word(pipeline, "status")),
                        pipeline,
                        Optional.of(ForgeJsonReader.word(pipeline, "source")));
                results.add(new CheckResult(result.status(), result.app(), result.suite(), Set.of(ref)));
            }
        }
        return new Page(results, json.size(), false);
    }

    private static CheckResult result(String name, CheckState state, JsonNode node, Optional<String> suite) {
        return new CheckResult(
                new CheckStatus(
                        name,
                        state,
                        ForgeJsonReader.link(node, "target_url").or(() -> ForgeJsonReader.link(node, "web_url")),
                        ForgeJsonReader.line(node, "description"),
                        ForgeJsonReader.time(node, "finished_at", "updated_at", "started_at", "created_at"),
                        node.path("id").asLong()),
                CheckResult.NO_APP,
                suite);
    }

    /**
     * Returns the jobs with the sources of their pipelines in place of the ids: a job of a push and one of a schedule
     * are two checks. A job of a pipeline that is not known is of no source: older versions do not say which it is of.
     */
    private static List<CheckResult> withSources(List<CheckResult> jobs, List<CheckResult> pipelines) {
        var sources = new HashMap<String, String>();
        pipelines.forEach(pipeline -> sources.put(
                String.valueOf(pipeline.status().run()), pipeline.suite().orElse("")));
        return jobs.stream()
                .map(job -> new CheckResult(
                        job.status(),
                        job.app(),
                        Optional.ofNullable(sources.get(job.suite().orElse("")))))
                .toList();
    }

    private static boolean isExternal(CheckResult result) {
        return result.suite().equals(Optional.of(EXTERNAL));
    }

    /**
     * Returns the newest result of each name and source, all of which have to succeed. One in a pipeline of statuses of
     * other systems counts until the name is reported again: the next such status may go to a pipeline of GitLab
     * itself.
     */
    private static List<CheckResult> newestOfEachSource(List<CheckResult> results) {
        List<CheckResult> latest = CheckResult.latestOfEach(results);
        return latest.stream()
                .filter(one -> !isExternal(one)
                        || latest.stream()
                                .noneMatch(other -> other.status()
                                                .context()
                                                .equals(one.status().context())
                                        && other.status().run() > one.status().run()))
                .toList();
    }

    @Override
    public CompletableFuture<CommitRange> commitsBetween(String from, String to) {
        return http.get(project + "/repository/compare?from=" + from + "&to=" + to, json -> {
            List<CommitRange.Commit> commits = ForgeJsonReader.commits(
                    json.path("commits"),
                    commit -> ForgeJsonReader.commit(
                            ForgeJsonReader.word(commit, "id"),
                            ForgeJsonReader.word(commit, "title"),
                            ForgeJsonReader.word(commit, "author_name"),
                            ForgeJsonReader.time(commit, "committed_date", "created_at")));
            return CommitRange.of(commits, commits.size(), false);
        });
    }

    @Override
    public CompletableFuture<Void> checkAccess() {
        return http.get(project, json -> ForgeJsonReader.word(json, "default_branch"))
                .thenCompose(branch -> http.checkAccess(project + "/pipelines?per_page=1")
                        .thenCompose(seen -> branch.isEmpty()
                                ? CompletableFuture.completedFuture(null)
                                : http.checkAccess(project + "/repository/commits/" + RemoteAddress.encoded(branch)
                                        + "/statuses?per_page=1")));
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

    @Override
    public void close() {
        http.rateLimit().leave();
    }
}
