package io.jenkins.plugins.gitops.flux;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.argocd.LinearHistory;
import io.jenkins.plugins.gitops.argocd.Rollout;
import io.jenkins.plugins.gitops.argocd.RolloutJudge.ConfigRepository;
import io.jenkins.plugins.gitops.argocd.RolloutRequirement;
import io.jenkins.plugins.gitops.argocd.TargetState;
import io.jenkins.plugins.gitops.argocd.TargetState.State;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.flux.FluxObject.FluxId;
import io.jenkins.plugins.gitops.images.ImageRef;
import io.jenkins.plugins.gitops.images.ImageSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a real Flux wrote into its objects, as the watches of a real API server reported it, given to the judge. Beside
 * the recording lies how the target was judged, in the order of what was said: the number of the newest commit, and the
 * state; written anew with {@code -Drecorded.rewrite=true}.
 */
class FluxRecordedTest {

    private static final String REPO = "https://git.example.com/acme/cfg-app.git";
    private static final Path FOLDER = Path.of("src/test/resources/recorded/flux-1.9");

    private final List<String> commits = new ArrayList<>();
    private final Map<FluxId, FluxObject> objects = new TreeMap<>();

    private static Path folder() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve(FOLDER))) {
            here = here.getParent();
        }
        return here.resolve(FOLDER);
    }

    /** Each commit has another set. */
    private static ImageSet set(String sha) {
        return ImageSet.of(Map.of(
                "shop", new ImageRef("docker.example.com/shop", "v1", "sha256:" + (sha + sha).substring(0, 64))));
    }

    private void take(JsonNode event) {
        FluxObject object =
                FluxObjectReader.read(FluxKind.valueOf(event.path("kind").asText()), event.path("object"));
        if (event.path("type").asText().equals("DELETED")) {
            objects.remove(object.id());
        } else {
            objects.put(object.id(), object);
        }
    }

    private TargetState judge(FluxSelection targets) throws Exception {
        Rollout rollout = new FluxJudge(
                        targets,
                        new ConfigRepository(REPO, "main"),
                        ClusterSnapshot.of(objects),
                        new LinearHistory(
                                commits, commits.stream().collect(Collectors.toMap(sha -> sha, FluxRecordedTest::set))),
                        RolloutRequirement.ALL)
                .judge(Optional.of(commits.get(commits.size() - 1)));
        return rollout.targets().get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "kustomization, flux-system/apps, ",
        "release, , flux-system/release-web",
        "rollback, , flux-system/rollback-web",
        "values, , flux-system/values-web",
        "version, , flux-system/version-web"
    })
    void theTargetIsJudgedAsBefore(String scene, String kustomization, String release) throws Exception {
        FluxSelection targets = new FluxSelection(
                "eu",
                Stream.ofNullable(kustomization).toList(),
                Stream.ofNullable(release).toList(),
                Optional.empty());
        var states = new ArrayList<String>();
        for (String line : Files.readAllLines(folder().resolve(scene + ".jsonl"))) {
            JsonNode event = Json.parse(line);
            if (event.has("note")) {
                String commit = event.path("note").path("commit").asText();
                if (!commits.contains(commit)) {
                    commits.add(commit);
                }
            } else {
                take(event);
            }
            if (!commits.isEmpty()) {
                TargetState target = judge(targets);
                String now = commits.size() + " " + target.state();
                if (states.isEmpty() || !states.get(states.size() - 1).equals(now)) {
                    states.add(now);
                }
                if (target.state() == State.DEPLOYED) {
                    assertDeployed(event);
                }
            }
        }
        Path file = folder().resolve(scene + ".states");
        String text = String.join("\n", states) + "\n";
        if (Boolean.getBoolean("recorded.rewrite")) {
            Files.writeString(file, text);
        }
        assertThat(file).hasContent(text);
    }

    /** By the words alone, in another way than the judge's. */
    private void assertDeployed(JsonNode event) {
        if (event.path("kind").asText().equals("KUSTOMIZATION")) {
            JsonNode status = event.path("object").path("status");
            assertThat(status.path("lastAppliedRevision").asText()).endsWith(commits.get(commits.size() - 1));
            assertThat(status.path("conditions").toString())
                    .contains("\"status\":\"True\",\"type\":\"Ready\"")
                    .doesNotContain("\"status\":\"True\",\"type\":\"Reconciling\"");
        }
    }
}
