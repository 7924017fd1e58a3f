package sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.world.ConversationRecorder;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An Argo CD that the user has, on this machine. The demo makes a project of its own there, and the example's
 * ApplicationSet with the cluster of Argo CD itself as the destination; both are removed at the end. What it is asked for by
 * Jenkins and by the demo, and what it answers, is recorded in the demo's folder; how it is prepared is not, since that has
 * passwords in it.
 */
final class RealCluster implements DemoCluster {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String ROLE = "reader";
    private static final String IN_CLUSTER = "https://kubernetes.default.svc";

    /** What keeps new pods from being scheduled, and lets Kubernetes say so soon. */
    private static final String STUCK =
            "{\"spec\":{\"progressDeadlineSeconds\":%s,\"template\":{\"spec\":{\"nodeSelector\":%s}}}}";

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final ArgoCdAccess access;
    private final String repository;
    private final String password;
    private final ExampleApplicationSet set;
    private final List<String> names;
    private final ConversationRecorder recorder;
    private final RefreshHints hints;

    /**
     * Makes what the demo needs.
     *
     * @param folder for the recording
     * @param news is told of each request
     */
    RealCluster(
            ArgoCdAccess access,
            Path folder,
            ChangeSignal news,
            ExampleApplicationSet set,
            DemoRepositories repositories)
            throws IOException {
        this.access = access;
        this.repository = repositories.configUrl();
        this.password = repositories.password();
        this.set = set;
        this.names = set.names();
        this.recorder = new ConversationRecorder(access.url(), 0, folder.resolve("argocd.jsonl"), Map.of());
        recorder.onRequest(news::tell);
        this.hints = new RefreshHints(url(), access.token(), names);
        if (ask("GET", "/api/v1/projects/" + PROJECT, "").statusCode() == 200) {
            recorder.close();
            throw new UnexpectedState("This Argo CD has a project " + PROJECT
                    + " already. The demo makes one and removes it at its end, so give it an Argo CD for trials.");
        }
        makeProject();
    }

    private void makeProject() {
        ObjectNode body = json.createObjectNode();
        ObjectNode project = body.putObject("project");
        project.putObject("metadata").put("name", PROJECT);
        ObjectNode spec = project.putObject("spec");
        spec.putArray("sourceRepos").add(repository);
        spec.putArray("destinations").addObject().put("server", IN_CLUSTER).put("namespace", "shop-*");
        spec.putArray("clusterResourceWhitelist").addObject().put("group", "").put("kind", "Namespace");
        spec.putArray("roles")
                .addObject()
                .put("name", ROLE)
                .putArray("policies")
                .add("p, proj:" + PROJECT + ":" + ROLE + ", applications, get, " + PROJECT + "/*, allow");
        must("POST", "/api/v1/projects", body.toString());
    }

    /** The example's, of the demo's repository, with namespaces instead of clusters for the regions. */
    private JsonNode applicationSet() {
        ObjectNode document = json.valueToTree(set.document());
        ObjectNode spec = (ObjectNode) document.at("/spec/template/spec");
        ((ObjectNode) spec.path("source")).put("repoURL", repository);
        spec.putObject("destination").put("server", IN_CLUSTER).put("namespace", "shop-{{.wave}}-{{.region}}");
        return document;
    }

    @Override
    public void begin() {
        must(
                "POST",
                "/api/v1/repositories?upsert=true",
                json.createObjectNode()
                        .put("type", "git")
                        .put("repo", repository)
                        .put("username", DemoRepositories.USER)
                        .put("password", password)
                        .toString());
        must("POST", "/api/v1/applicationsets", applicationSet().toString());
    }

    @Override
    public String url() {
        return recorder.url();
    }

    @Override
    public String description() {
        return "yours";
    }

    @Override
    public String token(String user) {
        String body = json.createObjectNode()
                .put("project", PROJECT)
                .put("role", ROLE)
                .put("description", user)
                .put("expiresIn", Duration.ofDays(1).toSeconds())
                .toString();
        return must("POST", "/api/v1/projects/" + PROJECT + "/roles/" + ROLE + "/token", body)
                .path("token")
                .asText();
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
        patch(application, STUCK.formatted("2", "{\"node\":\"nowhere\"}"));
        return "";
    }

    @Override
    public void recover(String application) {
        patch(application, STUCK.formatted("null", "null"));
    }

    /** Changes a deployment past git, in a field of which git says nothing, so that Argo CD leaves it. */
    private void patch(String application, String patch) {
        String query = "?resourceName=frontend&version=v1&group=apps&kind=Deployment&patchType="
                + URLEncoder.encode("application/merge-patch+json", StandardCharsets.UTF_8)
                + "&namespace=shop-" + application;
        must(
                "POST",
                "/api/v1/applications/" + application + "/resource" + query,
                json.getNodeFactory().textNode(patch).toString());
    }

    @Override
    public long lists() {
        return recorder.asked("/api/v1/applications");
    }

    @Override
    public void close() throws IOException {
        try {
            ask("DELETE", "/api/v1/applicationsets/" + PROJECT, "");
            for (String name : names) {
                ask("DELETE", "/api/v1/applications/" + name + "?cascade=true&project=" + PROJECT, "");
            }
            awaitGone();
            must("DELETE", "/api/v1/projects/" + PROJECT, "");
            ask("DELETE", "/api/v1/repositories/" + URLEncoder.encode(repository, StandardCharsets.UTF_8), "");
        } finally {
            recorder.close();
        }
    }

    private void awaitGone() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (must("GET", "/api/v1/applications?projects=" + PROJECT, "")
                        .path("items")
                        .size()
                > 0) {
            if (System.nanoTime() > deadline) {
                throw new IOException("Argo CD has not deleted the applications of the project " + PROJECT + " within "
                        + PATIENCE.toMinutes() + " minutes; delete them and the project by hand.");
            }
            try {
                Thread.sleep(Duration.ofSeconds(1).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("The demo was interrupted; the project " + PROJECT + " is left in Argo CD.");
            }
        }
    }

    /** Asks, and returns the answer, which has to be a success. */
    private JsonNode must(String method, String path, String body) {
        HttpResponse<String> answer = ask(method, path, body);
        if (answer.statusCode() != 200) {
            throw new UnexpectedState(
                    "Argo CD answers " + method + " " + path + " with " + answer.statusCode() + ": " + answer.body());
        }
        try {
            return json.readTree(answer.body());
        } catch (IOException e) {
            throw new UnexpectedState("Argo CD answers " + path + " with something that is no JSON.");
        }
    }

    private HttpResponse<String> ask(String method, String path, String body) {
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create(access.url() + path))
                            .timeout(TIMEOUT)
                            .header("Authorization", "Bearer " + access.token())
                            .header("Content-Type", "application/json")
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UnexpectedState("Argo CD cannot be asked for " + path + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnexpectedState("The demo was interrupted while it asked Argo CD for " + path + ".");
        }
    }
}
