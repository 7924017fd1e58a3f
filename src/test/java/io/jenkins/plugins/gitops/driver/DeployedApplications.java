package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.argocd.Application;
import io.jenkins.plugins.gitops.argocd.Application.Health;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatus;
import io.jenkins.plugins.gitops.argocd.Application.Id;
import io.jenkins.plugins.gitops.argocd.Application.Operation;
import io.jenkins.plugins.gitops.argocd.Application.Phase;
import io.jenkins.plugins.gitops.argocd.Application.Source;
import io.jenkins.plugins.gitops.argocd.Application.Sync;
import io.jenkins.plugins.gitops.argocd.Application.SyncStatus;
import io.jenkins.plugins.gitops.argocd.ApplicationLookup;
import io.jenkins.plugins.gitops.argocd.ServerSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Applications of one server, in the state that a test says. */
final class DeployedApplications implements ApplicationLookup {

    static final String SERVER = "main";
    private static final Instant FINISHED = Instant.parse("2026-11-24T10:00:00Z");

    final List<Id> refreshed = new ArrayList<>();
    private final String repoUrl;
    private final Map<Id, Application> applications = new TreeMap<>();
    private String trouble;

    DeployedApplications(String repoUrl) {
        this.repoUrl = repoUrl;
    }

    /** They run a commit and are healthy. */
    void run(String sha, String... names) {
        for (String name : names) {
            put(name, sha, HealthStatus.HEALTHY, FINISHED.plusSeconds(1));
        }
    }

    void degrade(String sha, String name) {
        put(name, sha, HealthStatus.DEGRADED, FINISHED.plusSeconds(1));
    }

    /** It is synced, and its health was not looked at since. */
    void goStale(String sha, String name) {
        put(name, sha, HealthStatus.HEALTHY, FINISHED.minusSeconds(1));
    }

    void fail(String sentence) {
        trouble = sentence;
    }

    private void put(String name, String sha, HealthStatus health, Instant reconciled) {
        var id = new Id("argocd", name);
        applications.put(
                id,
                new Application(
                        id,
                        "default",
                        Map.of(),
                        List.of(new Source(repoUrl, "manifests", "main")),
                        new Sync(SyncStatus.SYNCED, "Synced", List.of(sha)),
                        new Health(health, health.name(), ""),
                        false,
                        new Operation(Phase.SUCCEEDED, "Succeeded", "", FINISHED, List.of(sha)),
                        List.of(),
                        List.of(),
                        reconciled));
    }

    @Override
    public ServerSnapshot on(String server) {
        return new ServerSnapshot(new TreeMap<>(applications), true, trouble);
    }

    @Override
    public void refresh(String server, Id application) {
        refreshed.add(application);
    }
}
