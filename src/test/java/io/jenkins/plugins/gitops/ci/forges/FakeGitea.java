package io.jenkins.plugins.gitops.ci.forges;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Gitea's combined commit status of the repository acme/cfg-app: nothing at all where there is none. */
final class FakeGitea extends FakeForge {

    /** What an administrator of Gitea allows. */
    private volatile int largestPage = 30;

    private final Map<String, List<String>> statuses = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();

    FakeGitea() throws IOException {
        super(ForgeSettings.ForgeKind.GITEA);
    }

    /** Has at most so many statuses on a page, and says how many there are on all. */
    void limitPages(int size, int total) {
        largestPage = size;
        everyHeader.put("X-Total-Count", "" + total);
    }

    void status(String sha, String context, String status) {
        status(sha, context, status, "https://ci.example.com/1", "");
    }

    /** What a job of Actions in a run reports. */
    void job(String sha, String context, String status, long run, String description) {
        status(sha, context, status, "/acme/cfg-app/actions/runs/" + run + "/jobs/" + run, description);
    }

    private void status(String sha, String context, String status, String page, String description) {
        statuses.computeIfAbsent(sha, none -> new CopyOnWriteArrayList<>())
                .add("""
                    {"id":%d,"status":"%s","context":"%s","target_url":"%s","description":"%s",
                     "created_at":"2026-11-24T08:00:00Z","updated_at":"2026-11-24T09:01:00+01:00"}
                    """.formatted(ids.incrementAndGet(), status, context, page, description));
    }

    @Override
    Document at(String path, Map<String, String> query) {
        String commits = "/api/v1/repos/acme/cfg-app/commits/";
        if (path.equals("/api/v1/repos/acme/cfg-app")) {
            return new Document("{\"id\":1}", false);
        }
        if (!path.startsWith(commits)) {
            return null;
        }
        String sha = path.substring(commits.length(), path.lastIndexOf('/'));
        List<String> all = statuses.getOrDefault(sha, List.of());
        if (path.endsWith("/statuses")) {
            return new Document("[" + String.join(",", page(all, query, largestPage)) + "]", false);
        }
        var newest = new LinkedHashMap<String, String>();
        all.forEach(status -> newest.put(status.replaceAll("(?s).*\"context\":\"([^\"]*)\".*", "$1"), status));
        List<String> shown = page(List.copyOf(newest.values()), query, largestPage);
        return new Document(
                shown.isEmpty()
                        ? ""
                        : "{\"state\":\"pending\",\"sha\":\"" + sha + "\",\"total_count\":" + shown.size()
                                + ",\"statuses\":[" + String.join(",", shown) + "]}",
                false);
    }
}
