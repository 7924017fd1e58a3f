package sandbox.demo;

import io.jenkins.plugins.gitops.world.ApplicationSpec;
import io.jenkins.plugins.gitops.world.ArgoCdSimulator;
import io.jenkins.plugins.gitops.world.ImageRendering;
import io.jenkins.plugins.gitops.world.SimulatedApplication;
import io.jenkins.plugins.gitops.world.SimulationPace;
import io.jenkins.plugins.gitops.world.SyncStep;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The simulated Argo CD, with the applications that the example's ApplicationSet describes. Applications differ in
 * speed.
 */
final class DemoCluster implements AutoCloseable {

    /** The name of the example's project in Argo CD. */
    private static final String PROJECT = "shop";

    private final ArgoCdSimulator argo;
    private final List<String> names = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final String webhook;

    /**
     * Starts the simulated Argo CD.
     *
     * @param folder the folder for its clones
     * @param applications a file with an ApplicationSet
     */
    DemoCluster(Path folder, Path applications, DemoRepositories repositories) throws IOException {
        argo = ArgoCdSimulator.start(folder, Clock.systemUTC(), 0);
        argo.fetchFrom(repositories.configUrl(), repositories.configUrlWithPassword());
        Map<?, ?> set = applicationSet(applications);
        for (Map<String, String> parameters : parameters(set)) {
            add(map(map(set, "spec"), "template"), parameters, repositories.configUrl());
        }
        webhook = token("webhook");
        argo.runByItself();
    }

    private static Map<?, ?> applicationSet(Path file) throws IOException {
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(Files.readString(file))) {
            if (document instanceof Map<?, ?> map && "ApplicationSet".equals(map.get("kind"))) {
                return map;
            }
        }
        throw new UnexpectedState("The example's " + file + " has no ApplicationSet.");
    }

    /**
     * The parameters of each application: each element of the first list of the matrix combined with each of the
     * second, as Argo CD does.
     */
    private static List<Map<String, String>> parameters(Map<?, ?> set) {
        Map<?, ?> generator = (Map<?, ?>) list(map(set, "spec"), "generators").get(0);
        List<Map<String, String>> combined = List.of(Map.of());
        for (Object each : list(map(generator, "matrix"), "generators")) {
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> begun : combined) {
                for (Object element : list(map((Map<?, ?>) each, "list"), "elements")) {
                    Map<String, String> parameters = new TreeMap<>(begun);
                    ((Map<?, ?>) element).forEach((name, value) -> parameters.put(name.toString(), value.toString()));
                    longer.add(parameters);
                }
            }
            combined = longer;
        }
        return combined;
    }

    private void add(Map<?, ?> template, Map<String, String> parameters, String configUrl) {
        Map<?, ?> metadata = map(template, "metadata");
        Map<?, ?> spec = map(template, "spec");
        Map<?, ?> source = map(spec, "source");
        String name = text(metadata, "name", parameters);
        var application = new ApplicationSpec(
                        name, configUrl, text(source, "path", parameters), text(source, "targetRevision", parameters))
                .project(text(spec, "project", parameters))
                .destination(
                        text(map(spec, "destination"), "name", parameters),
                        text(map(spec, "destination"), "namespace", parameters))
                // Simulates the config management plugin that the template names.
                .rendering(ImageRendering.pinnedBy("images/" + parameters.get("wave") + "/digests.json"))
                .pace(pace(names.size()));
        Map<?, ?> labels = map(metadata, "labels");
        labels.keySet()
                .forEach(label -> application.label(label.toString(), text(labels, label.toString(), parameters)));
        argo.add(application);
        names.add(name);
    }

    /**
     * The speed of an application; five speeds alternate. The comparison takes some seconds: Argo CD writes times in
     * whole seconds, so health counts only if it was assessed in a later second than the end of the operation.
     */
    private static SimulationPace pace(int number) {
        return SimulationPace.every(Duration.ofMillis(40 + 20L * (number % 5)))
                .with(SyncStep.PROGRESSING, Duration.ofSeconds(1))
                .with(SyncStep.COMPARED, Duration.ofSeconds(5 + number % 3));
    }

    /** Refreshes every application if main was pushed, as Argo CD does after a webhook. */
    void pushed(ConfigRepoCi.Tip tip) {
        if (!tip.branch().equals(DemoRepositories.MAIN)) {
            return;
        }
        for (String name : names) {
            URI refresh = URI.create(url() + "/api/v1/applications/" + name + "?refresh=normal");
            client.sendAsync(
                    HttpRequest.newBuilder(refresh)
                            .header("Authorization", "Bearer " + webhook)
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        }
    }

    private static Map<?, ?> map(Map<?, ?> from, String key) {
        if (from.get(key) instanceof Map<?, ?> map) {
            return map;
        }
        throw new UnexpectedState("The example's ApplicationSet has no " + key + " where one is expected.");
    }

    private static List<?> list(Map<?, ?> from, String key) {
        if (from.get(key) instanceof List<?> list) {
            return list;
        }
        throw new UnexpectedState("The example's ApplicationSet has no list of " + key + " where one is expected.");
    }

    private static String text(Map<?, ?> from, String key, Map<String, String> parameters) {
        String text = String.valueOf(from.get(key));
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            text = text.replace("{{." + parameter.getKey() + "}}", parameter.getValue());
        }
        return text;
    }

    String url() {
        return argo.url();
    }

    /** Creates a token that may read the applications of the project and nothing else. */
    String token(String user) {
        return argo.readToken(user, Instant.MAX, PROJECT);
    }

    List<String> names() {
        return List.copyOf(names);
    }

    SimulatedApplication application(String name) {
        return argo.application(name);
    }

    /** The number of requests for the list of applications, with or without a selector. */
    long lists() {
        return argo.requests().stream()
                .filter(request -> request.path().equals("/api/v1/applications"))
                .count();
    }

    @Override
    public void close() {
        argo.close();
    }
}
