package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.spy;

import hudson.AbortException;
import hudson.model.Result;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.ImageFingerprints;
import io.jenkins.plugins.gitops.images.ImageSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.MockedStatic;

@Tag("sandbox")
class RecordImageStepTest {

    private static final Map<String, Object> SERVICE_1 = Map.of(
            "service", "Service1",
            "image", "docker.example.com/service1",
            "tag", "7d10434",
            "digest", ConfigRepoFixture.DIGEST);

    @RegisterExtension
    private final StepHarness steps = new StepHarness();

    @TempDir
    private Path workspace;

    @Test
    void recordsAndReturnsFullReferences() throws Exception {
        steps.with("GIT_COMMIT", "7d1043473d55bfa90e8530d35801d4e381bc69f0");
        TestRun run = steps.build("app");

        assertThat(steps.start(run, "recordImage", SERVICE_1).result())
                .isEqualTo(Map.of(
                        "service",
                        "Service1",
                        "Tag",
                        "docker.example.com/service1:7d10434",
                        "Digest",
                        "docker.example.com/service1@" + ConfigRepoFixture.DIGEST,
                        "changed",
                        true));
        assertThat(steps.reload(run).getAction(DeliveryAction.class).getImages())
                .singleElement()
                .satisfies(image -> assertThat(image.getAppSha()).startsWith("7d1043473d"));
    }

    @Test
    void marksAnImageThatTheLastSuccessfulBuildHad() throws Exception {
        TestRun first = steps.build("app");
        steps.run(first, "recordImage", SERVICE_1);
        first.end(Result.SUCCESS);
        TestRun failed = steps.build("app");
        steps.run(
                failed,
                "recordImage",
                Map.of(
                        "service", "Service1",
                        "image", "docker.example.com/service1",
                        "tag", "8",
                        "digest", ConfigRepoFixture.OTHER_DIGEST));
        failed.end(Result.FAILURE);

        assertThat(steps.start(steps.build("app"), "recordImage", SERVICE_1).result())
                .containsEntry("changed", false);
    }

    @Test
    void readsTheDigestFromBuildKitsMetadata() throws Exception {
        Files.writeString(
                workspace.resolve("metadata.json"),
                "{\"containerimage.digest\": \"" + ConfigRepoFixture.DIGEST + "\"}");
        steps.in(workspace.toFile());

        assertThat(steps.start(
                                steps.build("app"),
                                "recordImage",
                                Map.of(
                                        "service", "Service1",
                                        "image", "docker.example.com/service1",
                                        "tag", "1",
                                        "metadataFile", "metadata.json"))
                        .result())
                .containsEntry("Digest", "docker.example.com/service1@" + ConfigRepoFixture.DIGEST);
    }

    @Test
    void refusesWhatIsMissingOrDoesNotAgree() throws Exception {
        Files.writeString(
                workspace.resolve("metadata.json"),
                "{\"containerimage.digest\": \"" + ConfigRepoFixture.DIGEST + "\"}");
        Map<String, Object> contradicting = Map.of(
                "service", "Service1",
                "image", "docker.example.com/service1",
                "tag", "1",
                "digest", ConfigRepoFixture.OTHER_DIGEST,
                "metadataFile", "metadata.json");

        assertRefused(Map.of(), "service");
        assertRefused(
                Map.of("service", "../x", "image", "a/b", "tag", "1", "digest", ConfigRepoFixture.DIGEST), "../x");
        assertRefused(Map.of("service", "Service1", "image", "docker.example.com/service1"), "Service1", "tag");
        assertRefused(contradicting, "metadataFile", "node");
        assertRefused(
                Map.of("service", "a", "image", "a/b", "tag", "1", "inspect", "docker"),
                "docker image inspect",
                "node");
        assertRefused(Map.of("images", "out/*.json"), "images:", "node");
        assertRefused(Map.of("images", "out/*.json", "service", "a"), "do not mix them");
        assertRefused(Map.of("images", 7), "not as a number");
        steps.in(workspace.toFile());
        assertRefused(contradicting, "metadataFile", ConfigRepoFixture.DIGEST, ConfigRepoFixture.OTHER_DIGEST);
        assertRefused(
                Map.of("service", "Service1", "image", "a/b", "tag", "1", "metadataFile", "absent.json"),
                "absent.json");
    }

    @Test
    void warnsOfAnIndexThatBuildKitHasWritten() throws Exception {
        Files.writeString(workspace.resolve("metadata.json"), """
                {"image.name": "docker.example.com/service1:1", "containerimage.digest": "%s",
                 "containerimage.descriptor": {"mediaType": "application/vnd.oci.image.index.v1+json"}}
                """.formatted(ConfigRepoFixture.DIGEST));
        steps.in(workspace.toFile());

        StepHarness.Started step = steps.start(
                steps.build("app"), "recordImage", Map.of("service", "Service1", "metadataFile", "metadata.json"));
        assertThat(step.result())
                .containsEntry("Tag", "docker.example.com/service1:1")
                .containsEntry("Digest", "docker.example.com/service1@" + ConfigRepoFixture.DIGEST);
        assertThat(step.log()).contains("--provenance=false", "platform: 'linux/amd64'");
    }

    @Test
    void asksTheToolThatPushed() throws Exception {
        Path tool = workspace.resolve("docker");
        Files.writeString(tool, """
                #!/bin/sh
                [ "$5" = docker.example.com/service1:1 ] || { echo "No such image: $5" >&2; exit 1; }
                echo '["docker.example.com/service1@%s"]'
                """.formatted(ConfigRepoFixture.DIGEST));
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
        steps.in(workspace.toFile());
        Map<String, Object> inspected = Map.of(
                "service", "Service1", "image", "docker.example.com/service1", "tag", "1", "inspect", tool.toString());

        assertThat(steps.start(steps.build("app"), "recordImage", inspected).result())
                .containsEntry("Digest", "docker.example.com/service1@" + ConfigRepoFixture.DIGEST);
        assertRefused(
                with(inspected, "tag", "2"),
                "cannot tell of the image",
                "No such image: docker.example.com/service1:2");
        assertRefused(with(inspected, "inspect", "/absent/docker"), "/absent/docker cannot be run");
        assertRefused(
                with(inspected, "digest", ConfigRepoFixture.OTHER_DIGEST),
                "docker image inspect",
                "another field says");
    }

    @Test
    void recordsSeveralAtOnceFromFiles() throws Exception {
        Files.createDirectory(workspace.resolve("out"));
        write("out/a.json", "a", ConfigRepoFixture.DIGEST);
        write("out/b.json", "b", ConfigRepoFixture.OTHER_DIGEST);
        steps.in(workspace.toFile());
        TestRun run = steps.build("app");

        Map<String, Object> result =
                steps.start(run, "recordImage", Map.of("images", "out/*.json")).result();
        assertThat(result).containsOnlyKeys("a", "b");
        assertThat(result.get("b"))
                .isEqualTo(Map.of(
                        "service",
                        "b",
                        "Tag",
                        "docker.example.com/b:1",
                        "Digest",
                        "docker.example.com/b@" + ConfigRepoFixture.OTHER_DIGEST,
                        "changed",
                        true));
        assertThat(archived(run, "images.json"))
                .isEqualTo(run.getAction(DeliveryAction.class).toImageSet().toJson());
        assertThat(steps.start(steps.build("app"), "recordImage", Map.of("images", archived(run, "images.json")))
                        .result())
                .isEqualTo(result);
        assertThat(steps.start(
                                steps.build("app"),
                                "recordImage",
                                Map.of("images", ConfigRepoFixture.images("a", ConfigRepoFixture.DIGEST)))
                        .result())
                .containsOnlyKeys("a");

        assertRefused(Map.of("images", "none/*.json"), "No file", "none/*.json");
        write("out/c.json", "a", ConfigRepoFixture.OTHER_DIGEST);
        assertRefused(Map.of("images", "out/*.json"), "the service a", "in another file");
        Files.writeString(workspace.resolve("out/c.json"), "{\"a\": {\"Tag\": 1}}");
        assertRefused(Map.of("images", "out/*.json"), "c.json: Service a, field Tag");
        Files.writeString(workspace.resolve("out/c.json"), " ".repeat((1 << 20) + 1));
        assertRefused(Map.of("images", "out/*.json"), "c.json has over 1 MiB");
    }

    private void write(String file, String service, String digest) throws IOException {
        Files.writeString(
                workspace.resolve(file),
                ImageSet.fromMap(ConfigRepoFixture.images(service, digest)).toJson());
    }

    private static String archived(TestRun run, String artifact) throws IOException {
        return Files.readString(run.getRootDir().toPath().resolve("archive").resolve(artifact));
    }

    private static Map<String, Object> with(Map<String, Object> arguments, String name, Object value) {
        Map<String, Object> more = new HashMap<>(arguments);
        more.put(name, value);
        return more;
    }

    @Test
    void leavesArtifactsVariablesAndATraceToTheBuild() throws Exception {
        TestRun run = steps.build("app");
        steps.run(run, "recordImage", SERVICE_1);
        steps.run(run, "recordImage", with(SERVICE_1, "service", "my-other.service"));

        assertThat(archived(run, "images/Service1.json"))
                .isEqualTo(run.getAction(DeliveryAction.class)
                        .toImageSet()
                        .only(Set.of("Service1"))
                        .toJson());
        assertThat(archived(run, "images.json")).contains("Service1", "my-other.service");
        assertThat(run.getEnvironment(TaskListener.NULL))
                .containsEntry(
                        "GITOPS_IMAGE_SERVICE1_DIGEST", "docker.example.com/service1@" + ConfigRepoFixture.DIGEST)
                .containsKey("GITOPS_IMAGE_MY_OTHER_SERVICE_DIGEST");
        Jenkins controller = spy(Jenkins.get());
        doReturn(run.getParent()).when(controller).getItemByFullName("app");
        try (MockedStatic<Jenkins> jenkins = mockStatic(Jenkins.class)) {
            jenkins.when(Jenkins::get).thenReturn(controller);
            String hex = ConfigRepoFixture.DIGEST.replace("sha256:", "");
            assertThat(ImageFingerprints.builds(ConfigRepoFixture.DIGEST)).containsExactly(run);
            assertThat(ImageFingerprints.builds(" docker.example.com/service1@sha256:" + hex))
                    .containsExactly(run);
            assertThat(ImageFingerprints.builds(hex)).containsExactly(run);
            assertThat(ImageFingerprints.builds(hex.substring(0, 32) + "0".repeat(32)))
                    .isEmpty();
            assertThat(ImageFingerprints.builds("Service1")).isEmpty();
        }
    }

    @Test
    void saysThatTwoServicesHaveOneImage() throws Exception {
        TestRun run = steps.build("app");
        steps.run(run, "recordImage", SERVICE_1);

        StepHarness.Started step = steps.start(run, "recordImage", with(SERVICE_1, "service", "Service2"));
        step.end();
        assertThat(step.log()).contains("The service Service2 has the same image as Service1");
    }

    @Test
    void refusesTwoDigestsOfOneServiceInParallelBranches() throws Exception {
        TestRun run = steps.build("app");
        Map<String, Object> other = with(SERVICE_1, "digest", ConfigRepoFixture.OTHER_DIGEST);

        recordIn(run, SERVICE_1, "platforms", "amd64");
        recordIn(run, SERVICE_1, "platforms", "arm64");
        recordIn(run, other, "platforms", "arm64");
        assertThatThrownBy(() -> recordIn(run, SERVICE_1, "platforms", "amd64"))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll("Two parallel branches", "Service1", "docker.example.com/service1@");
        recordIn(run, SERVICE_1);
        assertThat(run.getAction(DeliveryAction.class).getImages())
                .singleElement()
                .satisfies(image -> assertThat(image.getDigest()).endsWith(ConfigRepoFixture.DIGEST));
    }

    private void recordIn(TestRun run, Map<String, Object> arguments, String... branches) throws Exception {
        StepHarness.Started step = steps.prepare(run, "recordImage", arguments);
        step.context().putIntoBranches(branches);
        step.begin();
        step.end();
    }

    private void assertRefused(Map<String, Object> arguments, String... words) {
        assertThatThrownBy(() -> steps.run(steps.build("app"), "recordImage", arguments))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll(words);
    }
}
