package io.jenkins.plugins.gitops.steps;

import io.jenkins.plugins.gitops.configuration.ArgoCdServerDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.world.ApplicationSpec;
import io.jenkins.plugins.gitops.world.ArgoCdSimulator;
import io.jenkins.plugins.gitops.world.SimulatedApplication;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** A simulated Argo CD that deploys staging to two targets, and internal, which promotes from it, to one. */
final class ArgoCdFixture implements AutoCloseable {

    final ArgoCdSimulator server;
    final SimulatedApplication first;
    final SimulatedApplication second;
    final SimulatedApplication internal;
    final String token;

    ArgoCdFixture(Path folder, ConfigRepoFixture repository) {
        server = ArgoCdSimulator.start(folder, Clock.systemUTC(), 0);
        token = server.token("jenkins");
        TestCredentials.addSecret("argo-token", token);
        server.fetchFrom(repository.url(), repository.url());
        first = server.add(new ApplicationSpec("staging-1", repository.url(), "images/staging", "master"));
        second = server.add(new ApplicationSpec("staging-2", repository.url(), "images/staging", "master"));
        internal = server.add(new ApplicationSpec("internal-1", repository.url(), "images/internal", "master")
                .label("wave", "internal"));
    }

    void configure(ConfigRepoFixture repository) {
        var connection = new ArgoCdServerDefinition("main", server.url());
        connection.setAllowInsecure(true);
        connection.setCredentialsId("argo-token");
        GitOpsWavesConfiguration.get().setArgoServers(List.of(connection));
        var staging = new WaveDefinition("staging");
        staging.setArgoServer("main");
        staging.setApplications(List.of("staging-*"));
        var internal = new WaveDefinition("internal");
        internal.setPromotesFrom("staging");
        internal.setArgoServer("main");
        internal.setSelector("wave=internal");
        RepositoryDefinition configured = repository.configured();
        configured.setPollInterval("1s");
        configured.setWaves(List.of(staging, internal));
        GitOpsWavesConfiguration.get().setRepositories(List.of(configured));
    }

    @Override
    public void close() {
        server.close();
    }
}
