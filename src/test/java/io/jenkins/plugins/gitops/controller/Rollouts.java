package io.jenkins.plugins.gitops.controller;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.util.Secret;
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
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;

/** A simulated Argo CD that deploys two waves of a delivery's repository: staging, and internal, which follows it. */
final class Rollouts implements AutoCloseable {

    final ArgoCdSimulator server;
    final SimulatedApplication first;
    final SimulatedApplication second;
    private final String token;

    Rollouts(Path folder, Delivery delivery) {
        server = ArgoCdSimulator.start(folder, Clock.systemUTC(), 0);
        token = server.token("jenkins");
        String url = delivery.repository().getUrl();
        first = server.add(new ApplicationSpec("staging-1", url, "images/staging", "master"));
        second = server.add(new ApplicationSpec("staging-2", url, "images/staging", "master"));
        server.add(new ApplicationSpec("internal-1", url, "images/internal", "master").label("wave", "internal"));
    }

    void configure(Delivery delivery) throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.GLOBAL, "argo-token", "", Secret.fromString(token)));
        SystemCredentialsProvider.getInstance().save();
        ArgoCdConnection connection = new ArgoCdConnection("main", server.url());
        connection.setAllowInsecure(true);
        connection.setCredentialsId("argo-token");
        GitOpsWaves.get().setArgoServers(List.of(connection));
        WaveDefinition staging = new WaveDefinition("staging");
        staging.setArgoServer("main");
        staging.setApplications(List.of("staging-*"));
        WaveDefinition internal = new WaveDefinition("internal");
        internal.setPromotesFrom("staging");
        internal.setArgoServer("main");
        internal.setSelector("wave=internal");
        ConfigRepository repository = delivery.repository();
        repository.setPollInterval("1s");
        repository.setWaves(List.of(staging, internal));
        GitOpsWaves.get().setRepositories(List.of(repository));
    }

    @Override
    public void close() {
        server.close();
    }
}
