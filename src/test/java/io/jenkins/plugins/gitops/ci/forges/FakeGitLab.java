package io.jenkins.plugins.gitops.ci.forges;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** GitLab's commit statuses and pipelines of the project acme/cfg-app. */
final class FakeGitLab extends FakeForge {

    private final Map<String, List<String>> statuses = new ConcurrentHashMap<>();
    private final List<String> pipelines = new CopyOnWriteArrayList<>();
    private final AtomicLong ids = new AtomicLong(90);

    FakeGitLab() throws IOException {
        super(ForgeSettings.ForgeKind.GITLAB);
    }

    void status(String sha, String ref, String name, String status, boolean allowFailure) {
        job(sha, ref, name, status, allowFailure, null);
    }

    /** A job of a pipeline; without one as versions write it that do not say which pipeline a job is of. */
    void job(String sha, String ref, String name, String status, boolean allowFailure, Long pipeline) {
        statuses.computeIfAbsent(sha + "@" + ref, none -> new CopyOnWriteArrayList<>())
                .add("""
                    {"id":%d,"sha":"%s","ref":"%s","status":"%s","name":"%s","allow_failure":%b,"pipeline_id":%d,
                     "target_url":"https://gitlab.example.com/acme/cfg-app/-/jobs/1","description":null,
                     "created_at":"2026-11-24T08:00:00.355Z","started_at":null,"finished_at":"2026-11-24T09:01:00.124+01:00"}
                    """.formatted(ids.incrementAndGet(), sha, ref, status, name, allowFailure, pipeline));
    }

    /** Adds a pipeline and returns its id. */
    long pipeline(String sha, String ref, String source, String status) {
        long id = ids.incrementAndGet();
        // The newest first, as GitLab lists them.
        pipelines.add(0, """
            {"id":%d,"sha":"%s","ref":"%s","status":"%s","source":"%s",
             "web_url":"https://gitlab.example.com/acme/cfg-app/-/pipelines/1",
             "created_at":"2026-11-24T08:00:00.355Z","updated_at":"2026-11-24T08:01:00.355Z"}
            """.formatted(id, sha, ref, status, source));
        return id;
    }

    @Override
    Document at(String path, Map<String, String> query) {
        String project = "/api/v4/projects/acme%2Fcfg-app";
        if (path.equals(project)) {
            return new Document("{\"id\":1,\"default_branch\":\"main\"}", false);
        }
        if (!path.startsWith(project)) {
            return null;
        }
        int size = Integer.parseInt(query.get("per_page"));
        List<String> all = pipelines;
        if (path.endsWith("/statuses")) {
            String sha = path.substring((project + "/repository/commits/").length(), path.lastIndexOf('/'));
            all = statuses.getOrDefault(sha + "@" + query.get("ref"), List.of());
        }
        return new Document("[" + String.join(",", page(all, query, size)) + "]", isMore(all, query, size));
    }
}
