package io.jenkins.plugins.gitops.ci.forges;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** GitHub's commit statuses and check runs of the repository acme/cfg-app. */
public final class FakeGitHub extends FakeForge {

    public static final long ACTIONS = 15368;

    private final Map<String, List<String>> statuses = new ConcurrentHashMap<>();
    private final Map<String, List<String>> runs = new ConcurrentHashMap<>();
    private final List<String> workflows = new CopyOnWriteArrayList<>();
    private final AtomicLong ids = new AtomicLong(1000);

    public FakeGitHub() throws IOException {
        super(ForgeSettings.ForgeKind.GITHUB);
    }

    /** A commit status. */
    public void status(String sha, String context, String state) {
        statuses.computeIfAbsent(sha, none -> new CopyOnWriteArrayList<>())
                .add("""
                    {"id":%d,"context":"%s","state":"%s","target_url":"https://ci.example.com/%s",
                     "description":null,"created_at":"2026-11-24T08:00:00Z","updated_at":"2026-11-24T08:01:00Z"}
                    """.formatted(ids.incrementAndGet(), context, state, context));
    }

    /** A check run of an app; without a conclusion it is still running. */
    public void checkRun(String sha, String name, String conclusion, long app, String completed) {
        checkRun(sha, sha, name, conclusion, app, completed);
    }

    public void checkRun(String sha, String name, String conclusion, long app) {
        checkRun(sha, name, conclusion, app, "2026-11-24T08:01:00Z");
    }

    /** A check run that says that it is of another commit. */
    void checkRun(String sha, String headSha, String name, String conclusion, long app, String completed) {
        checkRun(sha, headSha, name, conclusion, app, completed, 7);
    }

    /** A check run of GitHub Actions in a check suite. */
    void checkRunOfSuite(String sha, String name, String conclusion, long suite) {
        checkRun(sha, sha, name, conclusion, ACTIONS, "2026-11-24T08:01:00Z", suite);
    }

    /** The run of a workflow of GitHub Actions whose jobs are the check runs of a suite. */
    void workflowRun(String sha, String name, String file, long suite) {
        workflows.add("""
            {"id":%d,"name":"%s","head_sha":"%s","path":".github/workflows/%s@main","check_suite_id":%d,
             "event":"push","status":"completed","conclusion":"success"}
            """.formatted(ids.incrementAndGet(), name, sha, file, suite));
    }

    /** A check run with any words. */
    public void checkRunInWords(String sha, String name, String status, String conclusion) {
        runs.computeIfAbsent(sha, none -> new CopyOnWriteArrayList<>())
                .add("""
                    {"id":%d,"name":"%s","head_sha":"%s","status":"%s","conclusion":"%s","check_suite":{"id":7}}
                    """.formatted(ids.incrementAndGet(), name, sha, status, conclusion));
    }

    private void checkRun(
            String sha, String headSha, String name, String conclusion, long app, String completed, long suite) {
        long id = ids.incrementAndGet();
        runs.computeIfAbsent(sha, none -> new CopyOnWriteArrayList<>()).add("""
            {"id":%d,"name":"%s","head_sha":"%s","status":"%s","conclusion":%s,
             "details_url":"https://github.example.com/acme/cfg-app/runs/%d","started_at":"2026-11-24T08:00:00Z",
             "completed_at":%s,"output":{"title":"Found","text":"long"},
             "check_suite":{"id":%d},"app":{"id":%d,"slug":"app"}}
            """.formatted(
                        id,
                        name,
                        headSha,
                        conclusion == null ? "in_progress" : "completed",
                        conclusion == null ? "null" : "\"" + conclusion + "\"",
                        id,
                        conclusion == null ? "null" : "\"" + completed + "\"",
                        suite,
                        app));
    }

    @Override
    Document at(String path, Map<String, String> query) {
        String commits = "/repos/acme/cfg-app/commits/";
        if (path.equals("/repos/acme/cfg-app")) {
            return new Document("{\"full_name\":\"acme/cfg-app\"}", false);
        }
        if (path.equals("/repos/acme/cfg-app/actions/runs")) {
            List<String> all = workflows.stream()
                    .filter(run -> run.contains(query.get("head_sha")))
                    .toList();
            return new Document(
                    "{\"total_count\":" + all.size() + ",\"workflow_runs\":[" + String.join(",", all) + "]}", false);
        }
        if (!path.startsWith(commits)) {
            return null;
        }
        String sha = path.substring(commits.length(), path.lastIndexOf('/'));
        int size = Integer.parseInt(query.get("per_page"));
        if (path.endsWith("/status")) {
            List<String> all = statuses.getOrDefault(sha, List.of());
            return new Document(
                    "{\"state\":\"pending\",\"sha\":\"" + sha + "\",\"total_count\":" + all.size() + ",\"statuses\":["
                            + String.join(",", page(all, query, size)) + "]}",
                    isMore(all, query, size));
        }
        List<String> all = runs.getOrDefault(sha, List.of());
        return new Document(
                "{\"total_count\":" + all.size() + ",\"check_runs\":[" + String.join(",", page(all, query, size))
                        + "]}",
                isMore(all, query, size));
    }
}
