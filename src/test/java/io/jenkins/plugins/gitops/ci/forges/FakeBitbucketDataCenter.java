package io.jenkins.plugins.gitops.ci.forges;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Build statuses of the repository acme/cfg-app, in the form that Atlassian documents for Data Center. */
final class FakeBitbucketDataCenter extends FakeForge {

    private static final String REPOSITORY = "/rest/api/latest/projects/acme/repos/cfg-app";

    private final Map<String, String> builds = new ConcurrentHashMap<>();

    FakeBitbucketDataCenter() throws IOException {
        super(ForgeSettings.ForgeKind.BITBUCKET_DATA_CENTER);
    }

    void build(String sha, String key, String state) {
        builds.put(sha + " " + key, """
            {"key":"%s","state":"%s","name":"Some name","url":"https://ci.example.com/1","buildNumber":"17",
             "description":"","ref":"refs/heads/auto","createdDate":1795507200000,"updatedDate":1795507260000}
            """.formatted(key, state));
    }

    @Override
    Document at(String path, Map<String, String> query) {
        if (path.equals(REPOSITORY)) {
            return new Document("{\"slug\":\"cfg-app\"}", false);
        }
        if (!path.startsWith(REPOSITORY + "/commits/") || !path.endsWith("/builds")) {
            return null;
        }
        String sha = path.substring((REPOSITORY + "/commits/").length(), path.lastIndexOf('/'));
        String build = builds.get(sha + " " + query.get("key"));
        return build == null ? null : new Document(build, false);
    }
}
