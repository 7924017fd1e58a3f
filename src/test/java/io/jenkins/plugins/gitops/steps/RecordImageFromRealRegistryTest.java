package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RegistryDefinition;
import io.jenkins.plugins.gitops.registry.FakeRegistry;
import io.jenkins.plugins.gitops.registry.RealRegistry;
import io.jenkins.plugins.gitops.registry.RealTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the simulated registry is told of the protocol, asked of the real one. */
@Tag("sandbox")
class RecordImageFromRealRegistryTest {

    @RegisterExtension
    private final StepHarness steps = new StepHarness();

    @TempDir
    private Path folder;

    @Test
    void recordsWhatSkopeoHasPushed() throws Exception {
        try (RealRegistry registry = new RealRegistry(folder)) {
            var connection = new RegistryDefinition(registry.url());
            connection.setAllowInsecure(true);
            GitOpsWavesConfiguration.get().setRegistries(List.of(connection));
            TestCredentials.add("pull", FakeRegistry.USER, FakeRegistry.PASSWORD);
            TestCredentials.add("wrong", FakeRegistry.USER, "wrong");
            String amd64 = registry.push("team/shop", "amd64", "for amd64");
            String arm64 = registry.push("team/shop", "arm64", "for arm64");
            String index = registry.pushIndex(
                    "team/shop", "1", """
                    {"schemaVersion": 2, "mediaType": "%1$s", "manifests": [
                     {"mediaType": "%3$s", "size": 1, "digest": "%2$s", "platform": {"os": "linux", "architecture": "amd64"}},
                     {"mediaType": "%3$s", "size": 1, "digest": "%4$s", "platform": {"os": "linux", "architecture": "arm64"}}
                    ]}""".formatted(FakeRegistry.OCI_INDEX, amd64, FakeRegistry.OCI_MANIFEST, arm64));

            assertThat(digest(registry, "amd64", Map.of())).isEqualTo(amd64);
            assertThat(digest(registry, "1", Map.of())).isEqualTo(index);
            assertThat(digest(registry, "1", Map.of("platform", "linux/arm64"))).isEqualTo(arm64);
            assertThat(digest(registry, "1", Map.of("digest", index))).isEqualTo(index);
            refused(registry, "arm64", Map.of("digest", amd64), "is " + arm64 + ", not " + amd64, "moved");
            Path workspace = Files.createDirectory(folder.resolve("workspace"));
            steps.in(workspace.toFile());
            Files.writeString(workspace.resolve("inspected"), registry.inspect("team/shop", "arm64"));
            Files.writeString(workspace.resolve("copied"), registry.copy("team/shop", "arm64", "copy"));
            assertThat(digest(registry, "arm64", Map.of("metadataFile", "inspected")))
                    .isEqualTo(arm64);
            assertThat(digest(registry, "copy", Map.of("metadataFile", "copied")))
                    .isEqualTo(arm64);
            String id = registry.configDigest("team/shop", "arm64");
            refused(registry, "arm64", Map.of("digest", id), "the id of the image", "own digest is " + arm64);
            refused(registry, "1", Map.of("digest", id), "own digest is " + arm64 + ", in the index " + index);
            refused(registry, "amd64", Map.of("digest", id), "is " + amd64, "--iidfile");
            refused(registry, "absent", Map.of(), "has no " + registry.host() + "/team/shop:absent");
            GitOpsWavesConfiguration.get().setRegistries(List.of());
            assertThatThrownBy(
                            () -> record(registry, "1", Map.of("digest", index)).end())
                    .hasMessageContainingAll("speaks plain http at this port", "allowInsecure", "say verify: false");
            GitOpsWavesConfiguration.get().setRegistries(List.of(connection));
            refused(registry, "1", Map.of("credentialsId", "wrong"), "does not let these credentials read team/shop");
        }
    }

    @Test
    void recordsWhatBuildahHasPushed() throws Exception {
        RealTools.require("buildah");
        try (RealRegistry registry = new RealRegistry(folder)) {
            var connection = new RegistryDefinition(registry.url());
            connection.setAllowInsecure(true);
            GitOpsWavesConfiguration.get().setRegistries(List.of(connection));
            TestCredentials.add("pull", FakeRegistry.USER, FakeRegistry.PASSWORD);
            Path workspace = Files.createDirectory(folder.resolve("workspace"));
            steps.in(workspace.toFile());
            String container = buildah("from", "scratch");
            buildah(
                    "copy",
                    container,
                    Files.writeString(folder.resolve("content"), "for amd64").toString(),
                    "/content");
            Path id = workspace.resolve("id");
            buildah("commit", "--iidfile", id.toString(), container, "shop:1");
            Path digest = workspace.resolve("digest");
            buildah(
                    "push",
                    "--tls-verify=false",
                    "--creds",
                    FakeRegistry.USER + ":" + FakeRegistry.PASSWORD,
                    "--digestfile",
                    digest.toString(),
                    "shop:1",
                    "docker://" + registry.host() + "/team/shop:1");
            Files.writeString(workspace.resolve("inspected"), buildah("inspect", "--type", "image", "shop:1"));

            assertThat(digest(registry, "1", Map.of("metadataFile", "digest"))).isEqualTo(Files.readString(digest));
            refused(registry, "1", Map.of("metadataFile", "id"), "the id of the image", Files.readString(digest));
            refused(registry, "1", Map.of("metadataFile", "inspected"), "buildah inspect", "buildah push --digestfile");
        }
    }

    private String buildah(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("buildah", "--storage-driver", "vfs"));
        command.addAll(List.of("--root", folder.resolve("images").toString()));
        command.addAll(List.of("--runroot", folder.resolve("run").toString()));
        command.addAll(List.of(arguments));
        return RealTools.run(folder, command.toArray(String[]::new));
    }

    private StepHarness.Started record(RealRegistry registry, String tag, Map<String, Object> more) throws Exception {
        Map<String, Object> arguments = new HashMap<>(Map.of(
                "service", "shop", "image", registry.host() + "/team/shop", "tag", tag, "credentialsId", "pull"));
        arguments.putAll(more);
        return steps.start(steps.build("app"), "recordImage", arguments);
    }

    private String digest(RealRegistry registry, String tag, Map<String, Object> more) throws Exception {
        String recorded = record(registry, tag, more).result().get("Digest").toString();
        assertThat(recorded).startsWith(registry.host() + "/team/shop@");
        return recorded.substring(recorded.indexOf('@') + 1);
    }

    private void refused(RealRegistry registry, String tag, Map<String, Object> more, String... words) {
        assertThatThrownBy(() -> record(registry, tag, more).end())
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll(words);
    }
}
