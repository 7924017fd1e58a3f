package io.jenkins.plugins.gitops.ci.forges;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Build statuses and pipelines of the repository acme/cfg-app, in the form that Atlassian documents for Cloud. */
final class FakeBitbucketCloud extends FakeForge {

    static final int PAGE = 100;

    private final Map<String, List<String>> statuses = new ConcurrentHashMap<>();
    private final List<String> pipelines = new CopyOnWriteArrayList<>();

    FakeBitbucketCloud() throws IOException {
        super(ForgeSettings.ForgeKind.BITBUCKET_CLOUD);
    }

    /** A status of a commit; one of the same key takes its place. */
    void status(String sha, String key, String state, String description) {
        List<String> all = statuses.computeIfAbsent(sha, none -> new CopyOnWriteArrayList<>());
        all.removeIf(status -> status.contains("\"key\":\"" + key + "\""));
        all.add("""
            {"type":"build","key":"%s","state":"%s","name":"Some name","description":"%s","refname":null,
             "url":"https://ci.example.com/1","uuid":"{0e6a}","created_on":"2026-11-24T08:00:00.120+00:00",
             "updated_on":"2026-11-24T08:01:00.120+00:00",
             "links":{"commit":{"href":"https://api.bitbucket.org/2.0/repositories/acme/cfg-app/commit/%s"}}}
            """.formatted(key, state, description, sha));
    }

    /** A pipeline; without a result it has not completed. */
    void pipeline(String sha, int number, String selector, String result) {
        String state = result.isEmpty()
                ? "{\"name\":\"IN_PROGRESS\"}"
                : "{\"name\":\"COMPLETED\",\"result\":{\"name\":\"" + result + "\"}}";
        pipelines.add(0, """
            {"type":"pipeline","build_number":%d,"state":%s,"created_on":"2026-11-24T08:00:00Z",
             "target":{"ref_type":"branch","ref_name":"auto","commit":{"hash":"%s"},
                       "selector":{"type":"%s","pattern":"auto"}}}
            """.formatted(number, state, sha, selector));
    }

    @Override
    Document at(String path, Map<String, String> query) {
        String repository = "/2.0/repositories/acme/cfg-app";
        if (path.equals(repository)) {
            return new Document("{\"type\":\"repository\"}", false);
        }
        if (path.equals(repository + "/pipelines")) {
            return page(pipelines, query);
        }
        String commit = repository + "/commit/";
        if (!path.startsWith(commit) || !path.endsWith("/statuses")) {
            return null;
        }
        return page(statuses.getOrDefault(path.substring(commit.length(), path.lastIndexOf('/')), List.of()), query);
    }

    private Document page(List<String> all, Map<String, String> query) {
        String next = isMore(all, query, PAGE) ? ",\"next\":\"" + url() + "/elsewhere\"" : "";
        return new Document(
                "{\"pagelen\":100,\"values\":[" + String.join(",", page(all, query, PAGE)) + "]" + next + "}", false);
    }
}
