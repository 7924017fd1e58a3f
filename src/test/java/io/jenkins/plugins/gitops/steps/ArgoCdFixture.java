package io.jenkins.plugins.gitops.steps;

import io.jenkins.plugins.gitops.configuration.ArgoCdServerDefinition;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.WaveDefinition;
import io.jenkins.plugins.gitops.world.ApplicationSpec;
import io.jenkins.plugins.gitops.world.ArgoCdSimulator;
import io.jenkins.plugins.gitops.world.SimulatedApplication;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** A simulated Argo CD that deploys staging to two targets, and internal, which promotes from it, to one. */
public final class ArgoCdFixture implements AutoCloseable {

    public final ArgoCdSimulator server;
    public final SimulatedApplication first;
    public final SimulatedApplication second;
    final SimulatedApplication internal;
    public final String token;

    /** Starts it; the config repository is fetched from its URL. */
    public ArgoCdFixture(Path folder, String url) {
        server = ArgoCdSimulator.start(folder, Clock.systemUTC(), 0);
        token = server.token("jenkins");
        first = server.add(new ApplicationSpec("staging-1", url, "images/staging", "master"));
        second = server.add(new ApplicationSpec("staging-2", url, "images/staging", "master"));
        internal = server.add(
                new ApplicationSpec("internal-1", url, "images/internal", "master").label("wave", "internal"));
    }

    /** Configures the server, and the repository with both waves. */
    public void configure(RepositoryDefinition repository) throws IOException {
        configure(repository, server.url(), token);
    }

    /** Configures a server and its token in the same way, also on a controller that is another process. */
    public static void configure(RepositoryDefinition repository, String url, String token) throws IOException {
        TestCredentials.addSecret("argo-token", token);
        var connection = new ArgoCdServerDefinition("main", url);
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
        repository.setPollInterval("1s");
        repository.setWaves(List.of(staging, internal));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    @Override
    public void close() {
        server.close();
    }
}
