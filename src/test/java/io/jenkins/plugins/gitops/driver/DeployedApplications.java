package io.jenkins.plugins.gitops.driver;

import io.jenkins.plugins.gitops.argocd.Application;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationId;
import io.jenkins.plugins.gitops.argocd.Application.ApplicationSource;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatus;
import io.jenkins.plugins.gitops.argocd.Application.HealthStatusCode;
import io.jenkins.plugins.gitops.argocd.Application.OperationPhase;
import io.jenkins.plugins.gitops.argocd.Application.SyncOperation;
import io.jenkins.plugins.gitops.argocd.Application.SyncStatus;
import io.jenkins.plugins.gitops.argocd.Application.SyncStatusCode;
import io.jenkins.plugins.gitops.argocd.ApplicationLookup;
import io.jenkins.plugins.gitops.argocd.ServerSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Applications of one server, in the state that a test says. */
final class DeployedApplications implements ApplicationLookup {

    static final String SERVER = "main";
    private static final Instant FINISHED = Instant.parse("2026-11-24T10:00:00Z");

    final List<ApplicationId> refreshed = new ArrayList<>();
    private final String repoUrl;
    private final Map<ApplicationId, Application> applications = new TreeMap<>();
    private String trouble;

    DeployedApplications(String repoUrl) {
        this.repoUrl = repoUrl;
    }

    /** They run a commit and are healthy. */
    void run(String sha, String... names) {
        for (String name : names) {
            put(name, sha, HealthStatusCode.HEALTHY, FINISHED.plusSeconds(1));
        }
    }

    void degrade(String sha, String name) {
        put(name, sha, HealthStatusCode.DEGRADED, FINISHED.plusSeconds(1));
    }

    /** It is synced, and its health was not looked at since. */
    void goStale(String sha, String name) {
        put(name, sha, HealthStatusCode.HEALTHY, FINISHED.minusSeconds(1));
    }

    void fail(String sentence) {
        trouble = sentence;
    }

    private void put(String name, String sha, HealthStatusCode health, Instant reconciled) {
        var id = new ApplicationId("argocd", name);
        applications.put(
                id,
                Application.builder(id)
                        .sources(List.of(new ApplicationSource(repoUrl, "manifests", "main")))
                        .sync(new SyncStatus(SyncStatusCode.SYNCED, "Synced", List.of(sha)))
                        .health(new HealthStatus(health, health.name(), ""))
                        .operation(Optional.of(new SyncOperation(
                                OperationPhase.SUCCEEDED, "Succeeded", "", Optional.of(FINISHED), List.of(sha))))
                        .reconciledAt(Optional.of(reconciled))
                        .build());
    }

    @Override
    public ServerSnapshot on(String server) {
        return new ServerSnapshot(applications, true, Optional.ofNullable(trouble));
    }

    @Override
    public void refresh(String server, ApplicationId application) {
        refreshed.add(application);
    }
}
