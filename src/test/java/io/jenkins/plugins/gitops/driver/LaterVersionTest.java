package io.jenkins.plugins.gitops.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.ci.CheckState;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.delivery.DriverRequest.ApplyStateCommand;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.delivery.SubmittedChange;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.Wave;
import io.jenkins.plugins.gitops.world.GitCli;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Several controllers share one state, and one of them may run a later version of the plugin. What that has written into
 * any kind of document is there after this version has written the document, or others, in all ways that it does.
 */
class LaterVersionTest extends DriverTestBase {

    private static final String STATE = "refs/gitops-waves/main/state";

    private Driver driver;

    @BeforeEach
    void begin() throws GitOpsException {
        driver = scene.driver(
                "jenkins",
                scene.settings(List.of(
                        Wave.named("staging").build(),
                        Wave.named("production").promotesFrom("staging").build())));
        driver.round();
    }

    private JsonNode file(String ref, String path) {
        return Json.parse(scene.git("show", ref + ":" + path).getBytes(StandardCharsets.UTF_8));
    }

    /** A controller of a later version adds to a file. */
    private void writeLater(String ref, String path, Consumer<ObjectNode> adds) throws Exception {
        ObjectNode root = (ObjectNode) file(ref, path);
        adds.accept(root);
        write(ref, Json.write(root), path);
    }

    private void write(String ref, String text, String... paths) throws Exception {
        Path index = scene.root.resolve("index-" + UUID.randomUUID());
        Map<String, String> environment = Map.of("GIT_INDEX_FILE", index.toString());
        GitCli.run(environment, "", scene.remote, "read-tree", ref);
        String blob = GitCli.run(Map.of(), text, scene.remote, "hash-object", "-w", "--stdin")
                .strip();
        for (String path : paths) {
            GitCli.run(
                    environment,
                    "",
                    scene.remote,
                    "update-index",
                    "--add",
                    "--cacheinfo",
                    "100644," + blob + "," + path);
        }
        String tree = GitCli.run(environment, "", scene.remote, "write-tree").strip();
        scene.git(
                "update-ref",
                ref,
                scene.git("commit-tree", tree, "-p", ref, "-m", "Of another version")
                        .strip());
        Files.delete(index);
        driver.round();
    }

    private SubmittedChange merge(String version) throws GitOpsException {
        SubmittedChange change = scene.announce(driver, "app#" + version, "shop", version);
        scene.report(driver, change.sha(), CheckState.SUCCESS);
        assertThat(scene.main()).isEqualTo(change.sha());
        return change;
    }

    private void command(StateCommand command) throws GitOpsException {
        scene.answer(driver, new ApplyStateCommand(command));
    }

    private String path(String folder, String name) {
        return scene.git("ls-tree", "-r", "--name-only", STATE, folder)
                .lines()
                .filter(path -> path.contains(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whereMainWasMovedTo() throws Exception {
        merge("1");
        writeLater(STATE, "main.json", root -> root.put("train", "7"));

        merge("2");

        assertThat(file(STATE, "main.json").path("train").asText()).isEqualTo("7");
        assertThat(file(STATE, "main.json").path("sha").asText()).isEqualTo(scene.main());
    }

    @Test
    void theStateOfAWave() throws Exception {
        command(new StateCommand.HoldWave(
                "staging", new Hold("ada", "a freeze", scene.clock.instant(), Optional.empty())));
        command(new StateCommand.ReleaseWave("staging", Optional.empty(), "ada"));
        writeLater(
                STATE,
                "waves/staging.json",
                root -> root.put("schema", 9).putObject("canary").put("weight", 20));

        command(new StateCommand.HoldWave(
                "staging", new Hold("ada", "a freeze", scene.clock.instant(), Optional.empty())));
        command(new StateCommand.ReleaseWave("staging", Optional.empty(), "ada"));
        merge("2");

        assertThat(file(STATE, "waves/staging.json").at("/canary/weight").asInt())
                .isEqualTo(20);
        assertThat(file(STATE, "waves/staging.json").path("schema").asInt()).isEqualTo(9);
    }

    @Test
    void theEndOfAChange() throws Exception {
        SubmittedChange first = merge("1");
        String path = path("changes/", first.id());
        writeLater(STATE, path, root -> root.put("carbon", "3g"));
        String before = scene.git("show", STATE + ":" + path);

        merge("2");
        SubmittedChange red = scene.announce(driver, "app#3", "shop", "3");
        scene.report(driver, red.sha(), CheckState.FAILURE);
        driver.round();

        assertThat(scene.git("show", STATE + ":" + path)).isEqualTo(before);
        assertThat(driver.status(first.id())).isPresent();
    }

    @Test
    void aRejection() throws Exception {
        String one = "sha256:" + "1".repeat(64);
        command(new StateCommand.RejectImages(List.of(one), "leaks", "ada", scene.clock.instant()));
        String path = path("rejected/", "1".repeat(64));
        writeLater(STATE, path, root -> root.put("cve", "CVE-2026-1"));
        String before = scene.git("show", STATE + ":" + path);

        String two = "sha256:" + "2".repeat(64);
        command(new StateCommand.RejectImages(List.of(one, two), "leaks more", "bob", scene.clock.instant()));
        command(new StateCommand.AcceptImages(List.of(two), "false alarm", "bob", scene.clock.instant()));

        assertThat(scene.git("show", STATE + ":" + path)).isEqualTo(before);
    }

    @Test
    void theFileOfAllRejectionsThatEarlierVersionsWrote() throws Exception {
        String one = "sha256:" + "1".repeat(64);
        String two = "sha256:" + "2".repeat(64);
        command(new StateCommand.RejectImages(List.of("sha256:" + "3".repeat(64)), "x", "ada", scene.clock.instant()));
        write(
                STATE,
                "{\"later\": true, \"images\": [{\"digest\": \"" + one
                        + "\", \"by\": \"ada\", \"reason\": \"x\", \"at\":"
                        + " \"2026-01-01T00:00:00Z\", \"cve\": \"CVE-2026-1\"}, {\"digest\": \"" + two
                        + "\", \"by\": \"ada\","
                        + " \"reason\": \"x\", \"at\": \"2026-01-01T00:00:00Z\"}]}",
                "rejected.json");

        command(new StateCommand.AcceptImages(List.of(two), "false alarm", "bob", scene.clock.instant()));

        JsonNode left = file(STATE, "rejected.json");
        assertThat(left.path("later").asBoolean()).isTrue();
        assertThat(left.path("images")).hasSize(1);
        assertThat(left.at("/images/0/cve").asText()).isEqualTo("CVE-2026-1");
    }

    @Test
    void reportedChecks() throws Exception {
        SubmittedChange change = scene.announce(driver, "app#1", "shop", "1");
        driver.round();
        scene.report(driver, change.sha(), CheckState.PENDING);
        String ref = scene.git("for-each-ref", "--format=%(refname)", "refs/gitops-waves/main/")
                .lines()
                .filter(name -> name.contains(change.sha()))
                .findFirst()
                .orElseThrow();
        writeLater(
                ref,
                "checks.json",
                root -> root.putObject("ci/other")
                        .put("at", "2026-11-01T00:00:00Z")
                        .put("reporter", "there")
                        .put("run", 3)
                        .put("state", "success")
                        .put("log", "s3://logs/3"));

        scene.report(driver, change.sha(), CheckState.ERROR);

        JsonNode checks = file(ref, "checks.json");
        assertThat(checks.at("/ci~1other/log").asText()).isEqualTo("s3://logs/3");
        assertThat(checks.at("/ci~1check/state").asText()).isEqualTo("error");
    }

    @Test
    void documentsOfKindsThatThereAreNotYet() throws Exception {
        merge("1");
        write(STATE, "{\"images\": []}", "rejected.json");
        write(STATE, "{\"a\": 1}", "trains/7.json");

        merge("2");

        assertThat(scene.git("ls-tree", "-r", "--name-only", STATE).lines().toList())
                .contains("trains/7.json", "rejected.json");
        assertThat(driver.state().orElseThrow().problems()).isEmpty();
    }
}
