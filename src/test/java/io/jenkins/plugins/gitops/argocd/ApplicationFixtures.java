package io.jenkins.plugins.gitops.argocd;

import io.jenkins.plugins.gitops.argocd.ApplicationListing.VersionedApplication;
import io.jenkins.plugins.gitops.common.Json;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/** Applications as Argo CD writes them, for tests. */
final class ApplicationFixtures {

    private ApplicationFixtures() {}

    /** An application in the namespace argocd that is synced and healthy at a revision. */
    static String json(String name, long version, String revision) {
        return json(name, version, revision, Map.of());
    }

    static String json(String name, long version, String revision, Map<String, String> labels) {
        return ("{\"metadata\":{\"name\":\"%s\",\"namespace\":\"argocd\",\"resourceVersion\":\"%d\",\"labels\":{%s}},"
                        + "\"spec\":{\"project\":\"shop\",\"source\":{\"repoURL\":\"https://git.example/cfg.git\"}},"
                        + "\"status\":{\"sync\":{\"status\":\"Synced\",\"revision\":\"%s\"},"
                        + "\"health\":{\"status\":\"Healthy\"}}}")
                .formatted(
                        name,
                        version,
                        labels.entrySet().stream()
                                .map(label -> "\"" + label.getKey() + "\":\"" + label.getValue() + "\"")
                                .collect(Collectors.joining(",")),
                        revision);
    }

    /** The same, after an operation that succeeded. */
    static String json(String name, long version, String revision, Instant finished) {
        return json(name, version, revision)
                .replaceFirst(
                        "}}}$", "},\"operationState\":{\"phase\":\"Succeeded\",\"finishedAt\":\"" + finished + "\"}}}");
    }

    static VersionedApplication observed(String name, long version, String revision) {
        return ApplicationJson.read(Json.parse(json(name, version, revision)));
    }

    static Application labelled(String name, Map<String, String> labels) {
        return ApplicationJson.read(Json.parse(json(name, 1, "c1", labels))).application();
    }
}
