package io.jenkins.plugins.gitops.world;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;

/** A config repository, a simulated Argo CD that follows it, a clock that is turned by hand, and somebody who asks. */
final class ArgoCdTestBed implements AutoCloseable {

    static final String URL = "https://git.example.com/cfg-app.git";
    static final String ORDERS = "manifests/staging/orders.yaml";

    final ManualClock clock = new ManualClock();
    final Path config;
    final ArgoCdSimulator argo;
    final ArgoCdApiCaller client;

    ArgoCdTestBed(Path folder) throws IOException {
        config = Files.createDirectory(folder.resolve("cfg-app"));
        GitCli.run(config, "init", "--quiet", "--initial-branch=main");
        commit(ORDERS, "image: orders:old\n");
        argo = ArgoCdSimulator.start(folder.resolve("argo"), clock, 0);
        argo.fetchFrom(URL, config.toString());
        client = new ArgoCdApiCaller(argo.url(), argo.token("ci"));
    }

    @Override
    public void close() {
        argo.close();
    }

    void turnClock() {
        clock.turn(Duration.ofSeconds(1));
    }

    /** Commits a file, and returns the commit. */
    String commit(String file, String content) throws IOException {
        Files.createDirectories(config.resolve(file).getParent());
        Files.writeString(config.resolve(file), content);
        GitCli.run(config, "add", "--all");
        GitCli.run(config, "commit", "--quiet", "--message", "Write " + file);
        return GitCli.run(config, "rev-parse", "HEAD").strip();
    }

    /** What deploys {@code manifests/staging}. */
    static ApplicationSpec staging(String name) {
        return new ApplicationSpec(name, URL, "manifests/staging", "main");
    }

    SimulatedApplication deployed(ApplicationSpec spec) {
        SimulatedApplication application = argo.add(spec);
        application.settle();
        return application;
    }

    static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** What a judge of a rollout looks at, in one line. */
    static String line(JsonNode application) {
        JsonNode status = application.path("status");
        JsonNode operation = status.path("operationState");
        String finished = operation.path("finishedAt").asText();
        return (application.has("operation") ? "requested " : "")
                + operation.path("phase").asText("-")
                + (finished.isEmpty() ? " " : " finished ")
                + status.path("sync").path("status").asText() + " "
                + status.path("health").path("status").asText() + " "
                + texts(status.path("summary").path("images"))
                + (status.path("reconciledAt").asText().compareTo(finished) >= 0 ? "" : " stale");
    }

    String line(String name) throws IOException, InterruptedException {
        return line(client.application(name));
    }
}
