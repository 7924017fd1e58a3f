package io.jenkins.plugins.gitops.controller;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.util.Secret;
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
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;

/** A simulated Argo CD that deploys two waves of a delivery's repository: staging, and internal, which follows it. */
final class RolloutFixture implements AutoCloseable {

    final ArgoCdSimulator server;
    final SimulatedApplication first;
    final SimulatedApplication second;
    private final String token;

    RolloutFixture(Path folder, DeliveryFixture delivery) {
        server = ArgoCdSimulator.start(folder, Clock.systemUTC(), 0);
        token = server.token("jenkins");
        String url = delivery.repository().getUrl();
        first = server.add(new ApplicationSpec("staging-1", url, "images/staging", "master"));
        second = server.add(new ApplicationSpec("staging-2", url, "images/staging", "master"));
        server.add(new ApplicationSpec("internal-1", url, "images/internal", "master").label("wave", "internal"));
    }

    void configure(DeliveryFixture delivery) throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.GLOBAL, "argo-token", "", Secret.fromString(token)));
        SystemCredentialsProvider.getInstance().save();
        ArgoCdServerDefinition connection = new ArgoCdServerDefinition("main", server.url());
        connection.setAllowInsecure(true);
        connection.setCredentialsId("argo-token");
        GitOpsWavesConfiguration.get().setArgoServers(List.of(connection));
        WaveDefinition staging = new WaveDefinition("staging");
        staging.setArgoServer("main");
        staging.setApplications(List.of("staging-*"));
        WaveDefinition internal = new WaveDefinition("internal");
        internal.setPromotesFrom("staging");
        internal.setArgoServer("main");
        internal.setSelector("wave=internal");
        RepositoryDefinition repository = delivery.repository();
        repository.setPollInterval("1s");
        repository.setWaves(List.of(staging, internal));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
    }

    @Override
    public void close() {
        server.close();
    }
}
