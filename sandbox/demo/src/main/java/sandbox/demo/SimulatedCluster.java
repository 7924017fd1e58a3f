package sandbox.demo;

import io.jenkins.plugins.gitops.world.ApplicationSpec;
import io.jenkins.plugins.gitops.world.ArgoCdSimulator;
import io.jenkins.plugins.gitops.world.ImageRendering;
import io.jenkins.plugins.gitops.world.SimulationPace;
import io.jenkins.plugins.gitops.world.SyncStep;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The simulated Argo CD, with the applications that the example's ApplicationSet describes. Applications differ in
 * speed.
 */
final class SimulatedCluster implements DemoCluster {

    private static final String TROUBLE = "Deployment frontend: 1 of 2 pods is in CrashLoopBackOff";

    private final ArgoCdSimulator argo;
    private final List<String> names;
    private final RefreshHints hints;

    /**
     * Starts the simulated Argo CD.
     *
     * @param folder the folder for its clones
     */
    SimulatedCluster(Path folder, ExampleApplicationSet set, DemoRepositories repositories) throws IOException {
        argo = ArgoCdSimulator.start(folder, Clock.systemUTC(), 0);
        argo.fetchFrom(repositories.configUrl(), repositories.configUrlWithPassword());
        names = set.names();
        List<Map<String, String>> parameters = set.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            add(set, parameters.get(i), repositories.configUrl(), i);
        }
        hints = new RefreshHints(url(), token("webhook"), names);
    }

    @Override
    public void begin() {
        argo.runByItself();
    }

    private void add(ExampleApplicationSet set, Map<String, String> parameters, String configUrl, int number) {
        Map<?, ?> metadata = ExampleApplicationSet.map(set.template(), "metadata");
        Map<?, ?> spec = ExampleApplicationSet.map(set.template(), "spec");
        Map<?, ?> source = ExampleApplicationSet.map(spec, "source");
        Map<?, ?> destination = ExampleApplicationSet.map(spec, "destination");
        var application = new ApplicationSpec(
                        set.name(parameters),
                        configUrl,
                        ExampleApplicationSet.text(source, "path", parameters),
                        ExampleApplicationSet.text(source, "targetRevision", parameters))
                .project(ExampleApplicationSet.text(spec, "project", parameters))
                .destination(
                        ExampleApplicationSet.text(destination, "name", parameters),
                        ExampleApplicationSet.text(destination, "namespace", parameters))
                // Simulates the config management plugin that the template names.
                .rendering(ImageRendering.pinnedBy("images/" + parameters.get("wave") + "/digests.json"))
                .pace(pace(number));
        Map<?, ?> labels = ExampleApplicationSet.map(metadata, "labels");
        labels.keySet()
                .forEach(label -> application.label(
                        label.toString(), ExampleApplicationSet.text(labels, label.toString(), parameters)));
        argo.add(application);
    }

    /**
     * The speed of an application; five speeds alternate. The comparison takes some seconds: Argo CD writes times in
     * whole seconds, so health counts only if it was assessed in a later second than the end of the operation.
     */
    static SimulationPace pace(int number) {
        return SimulationPace.every(Duration.ofMillis(40 + 20L * (number % 5)))
                .with(SyncStep.PROGRESSING, Duration.ofSeconds(1))
                .with(SyncStep.COMPARED, Duration.ofSeconds(5 + number % 3));
    }

    @Override
    public String url() {
        return argo.url();
    }

    @Override
    public String description() {
        return "simulated";
    }

    @Override
    public String token(String user) {
        return argo.readToken(user, Instant.MAX, PROJECT);
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public void pushed(ConfigRepoCi.Tip tip) {
        hints.pushed(tip);
    }

    @Override
    public String degradeNextRollout(String application) {
        argo.application(application).degradeNextRollout(TROUBLE);
        return TROUBLE;
    }

    @Override
    public void recover(String application) {
        argo.application(application).recover();
    }

    @Override
    public long lists() {
        return argo.requests().stream()
                .filter(request -> request.path().equals("/api/v1/applications"))
                .count();
    }

    @Override
    public void close() {
        argo.close();
    }
}
