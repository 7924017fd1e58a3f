package io.jenkins.plugins.gitops.steps;

import io.jenkins.plugins.gitops.configuration.ArgoCdConnection;
import io.jenkins.plugins.gitops.configuration.ConfigRepository;
import io.jenkins.plugins.gitops.configuration.GitOpsWaves;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.world.ApplicationSpec;
import io.jenkins.plugins.gitops.world.ArgoCdSimulator;
import io.jenkins.plugins.gitops.world.SimulatedApplication;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** A simulated Argo CD that deploys staging to two targets, and internal, which promotes from it, to one. */
final class BenchArgoCd implements AutoCloseable {

    final ArgoCdSimulator server;
    final SimulatedApplication first;
    final SimulatedApplication second;
    final SimulatedApplication internal;
    final String token;

    BenchArgoCd(Path folder, BenchRepository repository) {
        server = ArgoCdSimulator.start(folder, Clock.systemUTC(), 0);
        token = server.token("jenkins");
        BenchCredentials.addSecret("argo-token", token);
        server.fetchFrom(repository.url(), repository.url());
        first = server.add(new ApplicationSpec("staging-1", repository.url(), "images/staging", "master"));
        second = server.add(new ApplicationSpec("staging-2", repository.url(), "images/staging", "master"));
        internal = server.add(new ApplicationSpec("internal-1", repository.url(), "images/internal", "master")
                .label("wave", "internal"));
    }

    void configure(BenchRepository repository) {
        var connection = new ArgoCdConnection("main", server.url());
        connection.setAllowInsecure(true);
        connection.setCredentialsId("argo-token");
        GitOpsWaves.get().setArgoServers(List.of(connection));
        var staging = new WaveDefinition("staging");
        staging.setArgoServer("main");
        staging.setApplications(List.of("staging-*"));
        var internal = new WaveDefinition("internal");
        internal.setPromotesFrom("staging");
        internal.setArgoServer("main");
        internal.setSelector("wave=internal");
        ConfigRepository configured = repository.configured();
        configured.setPollInterval("1s");
        configured.setWaves(List.of(staging, internal));
        GitOpsWaves.get().setRepositories(List.of(configured));
    }

    @Override
    public void close() {
        server.close();
    }
}
