package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import hudson.AbortException;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RegistryDefinition;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.repository.SignaturesDefinition;
import io.jenkins.plugins.gitops.registry.FakeRegistry;
import io.jenkins.plugins.gitops.registry.FakeRegistry.Login;
import io.jenkins.plugins.gitops.registry.ImageSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("sandbox")
class RecordImageFromRegistryTest {

    @RegisterExtension
    private final StepHarness steps = new StepHarness();

    private FakeRegistry registry;

    @BeforeEach
    void start() throws Exception {
        registry = new FakeRegistry();
        var connection = new RegistryDefinition(registry.url());
        connection.setAllowInsecure(true);
        GitOpsWavesConfiguration.get().setRegistries(List.of(connection));
        TestCredentials.add("pull", FakeRegistry.USER, FakeRegistry.PASSWORD);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private Map<String, Object> shop(Object... more) {
        Map<String, Object> arguments =
                new HashMap<>(Map.of("service", "shop", "image", registry.host() + "/team/shop", "tag", "1"));
        for (int i = 0; i < more.length; i += 2) {
            arguments.put(more[i].toString(), more[i + 1]);
        }
        return arguments;
    }

    private void refused(Map<String, Object> arguments, String... words) throws Exception {
        TestRun run = steps.build("app");
        assertThatThrownBy(() -> steps.run(run, "recordImage", arguments))
                .isExactlyInstanceOf(AbortException.class)
                .hasMessageContainingAll(words);
        assertThat(run.getAction(DeliveryAction.class)).isNull();
    }

    @Test
    void saysWhichWavesWouldNotTakeAnImageThatIsNotSigned(@TempDir Path folder) throws Exception {
        ImageSigner signer = ImageSigner.of("EC");
        RepositoryDefinition repository = ConfigRepoFixture.onDisk(folder).definition();
        repository.setSignatures(new SignaturesDefinition(List.of(signer.publicKey()), List.of("production")));
        steps.configure(repository);
        String digest = registry.push("team/shop", "1", "layer");
        var unsigned = steps.start(steps.build("app"), "recordImage", shop());
        unsigned.result();

        assertThat(unsigned.log())
                .contains(registry.host() + "/team/shop@" + digest + " has no signature of cosign in its registry."
                        + " production of cfg-app takes signed images only");

        registry.push(
                "team/shop",
                digest.replace(':', '-') + ".sig",
                FakeRegistry.OCI_MANIFEST,
                signer.simple(registry, ImageSigner.payload(digest)));
        var signed = steps.start(steps.build("app"), "recordImage", shop());
        signed.result();

        assertThat(signed.log()).contains("Recorded shop").doesNotContain("signature");
    }

    @Test
    void takesTheDigestOfTheTagWithTheCredentialsOfThatId() throws Exception {
        registry.login(Login.TOKEN);
        String digest = registry.push("team/shop", "1", "layer");
        TestRun run = steps.build("app");

        StepHarness.Started step = steps.start(run, "recordImage", shop("credentialsId", "pull"));
        assertThat(step.result()).containsEntry("Digest", registry.host() + "/team/shop@" + digest);
        assertThat(step.log()
                        + new String(step.save(), StandardCharsets.ISO_8859_1)
                        + Files.readString(run.getRootDir().toPath().resolve("build.xml")))
                .contains("Asking the registry for " + registry.host() + "/team/shop:1")
                .doesNotContain(FakeRegistry.PASSWORD, FakeRegistry.USER);
        refused(shop(), "without credentials");
        refused(shop("credentialsId", "absent"), "no credentials \"absent\"", registry.url());
    }

    @Test
    void asksAboutAGivenDigestUnlessToldNotTo() throws Exception {
        String ours = registry.push("team/shop", "1", "ours");
        String theirs = registry.push("team/shop", "1", "theirs");

        assertThat(steps.start(steps.build("app"), "recordImage", shop("digest", ours, "verify", false))
                        .result())
                .containsEntry("Digest", registry.host() + "/team/shop@" + ours);
        assertThat(registry.requests()).isEmpty();
        refused(shop("digest", ours), "is " + theirs + ", not " + ours);
        believed(true);
        assertThat(steps.start(steps.build("app"), "recordImage", shop("digest", ours))
                        .result())
                .containsEntry("Digest", registry.host() + "/team/shop@" + ours);
        assertThat(steps.start(steps.build("app"), "recordImage", shop()).result())
                .containsEntry("Digest", registry.host() + "/team/shop@" + theirs);
        believed(false);
        assertThat(steps.start(steps.build("app"), "recordImage", shop("digest", theirs))
                        .result())
                .containsEntry("Digest", registry.host() + "/team/shop@" + theirs);
    }

    private void believed(boolean believed) {
        var connection = new RegistryDefinition(registry.url());
        connection.setAllowInsecure(true);
        connection.setVerify(!believed);
        GitOpsWavesConfiguration.get().setRegistries(List.of(connection));
    }

    @Test
    void refusesWhatWasOnlyLoaded(@TempDir Path workspace) throws Exception {
        steps.in(workspace.toFile());
        Files.writeString(workspace.resolve("meta.json"), """
                {"image.name": "%s/team/shop:1", "containerimage.digest": "sha256:%s"}
                """.formatted(registry.host(), "5e".repeat(32)));
        String pushed = registry.push("team/shop", "2", "layer");
        Files.writeString(workspace.resolve("pushed"), "\uFEFF" + pushed + "\r\n", StandardCharsets.UTF_16LE);
        Files.writeString(workspace.resolve("iid"), FakeRegistry.configDigest("layer"));

        refused(shop("metadataFile", "meta.json"), "has no " + registry.host() + "/team/shop:1", "--load", "--push");
        assertThat(steps.start(steps.build("app"), "recordImage", shop("tag", "2", "metadataFile", "pushed"))
                        .result())
                .containsEntry("Digest", registry.host() + "/team/shop@" + pushed);
        refused(shop("tag", "2", "metadataFile", "iid"), "--iidfile call the id of the image", "--digestfile");
    }

    /** Podman 4.3 says before and after a push that an image has the digest of what it has not compressed yet. */
    @Test
    void believesPodmanOnlyWhatTheRegistrySays(@TempDir Path folder) throws Exception {
        String pushed = registry.push("team/shop", "1", "compressed");
        String local = "sha256:" + "5e".repeat(32);
        refused(shop("inspect", "buildah"), "docker, podman or nerdctl", "not buildah", "--digestfile");
        Path podman = folder.resolve("podman");
        steps.in(folder.resolve("workspace").toFile());

        says(podman, local);
        refused(shop("inspect", podman.toString()), "is " + pushed, "no " + local, "--digestfile");
        says(podman, pushed);

        assertThat(steps.start(steps.build("app"), "recordImage", shop("inspect", podman.toString()))
                        .result())
                .containsEntry("Digest", registry.host() + "/team/shop@" + pushed);
    }

    private void says(Path tool, String digest) throws IOException {
        Files.writeString(tool, "#!/bin/sh\necho '[\"" + registry.host() + "/team/shop@" + digest + "\"]'\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void pinsAPlatformAndWarnsOfAttestations() throws Exception {
        String amd64 = registry.push("team/shop", "amd64", "amd64");
        String index = registry.push("team/shop", "1", FakeRegistry.OCI_INDEX, """
                {"manifests": [{"digest": "%s", "platform": {"os": "linux", "architecture": "amd64"}},
                 {"digest": "sha256:1", "annotations": {"vnd.docker.reference.type": "attestation-manifest"}}]}
                """.formatted(amd64));

        assertThat(steps.start(
                                steps.build("app"),
                                "recordImage",
                                shop("digest", index, "platform", "linux/amd64", "verify", false))
                        .result())
                .containsEntry("Digest", registry.host() + "/team/shop@" + amd64);
        StepHarness.Started whole = steps.start(steps.build("app"), "recordImage", shop());
        assertThat(whole.result()).containsEntry("Digest", registry.host() + "/team/shop@" + index);
        assertThat(whole.log()).contains("attestations", "--provenance=false");
        refused(shop("platform", "amd64"), "Service shop, field platform");
    }

    @Test
    void verifiesManyAtOnceAndNamesAllThatAreWrong() throws Exception {
        Map<String, Object> images = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            String name = registry.host() + "/s" + i;
            images.put("s" + i, Map.of("Tag", name + ":1", "Digest", name + "@" + registry.push("s" + i, "1", "" + i)));
        }
        Map<String, Object> arguments = Map.of("images", images);

        assertThat(steps.start(steps.build("app"), "recordImage", arguments).result())
                .hasSize(20);
        assertThat(registry.requests()).hasSize(20);

        registry.push("s3", "1", "moved");
        registry.push("s4", "1", "moved");
        StepHarness.Started step = steps.start(steps.build("app"), "recordImage", arguments);
        assertThatThrownBy(step::end).hasMessageContaining("/s3:1").hasMessageContaining("was moved");
        assertThat(step.log()).contains("/s4:1");
    }

    @Test
    void asksAgainAfterARestart() throws Exception {
        String digest = registry.push("team/shop", "1", "layer");
        var answered = new CountDownLatch(1);
        registry.next(exchange -> {
            try {
                answered.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        TestRun run = steps.build("app");
        StepHarness.Started step = steps.start(run, "recordImage", shop());
        await().until(() -> !registry.requests().isEmpty());

        step.restart();
        assertThat(step.result()).containsEntry("Digest", registry.host() + "/team/shop@" + digest);
        answered.countDown();
        assertThat(steps.reload(run).getAction(DeliveryAction.class).getImages())
                .hasSize(1);
        assertThat(step.context().completions()).isEqualTo(1);
    }

    @Test
    void recordsNothingOnceItIsAborted() throws Exception {
        registry.push("team/shop", "1", "layer");
        var asked = new CountDownLatch(1);
        var answered = new CountDownLatch(1);
        registry.next(exchange -> {
            asked.countDown();
            try {
                answered.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        TestRun run = steps.build("app");
        StepHarness.Started step = steps.start(run, "recordImage", shop());
        asked.await();

        assertThat(step.status()).isEqualTo("asking registries for images");
        step.abort();
        assertThatThrownBy(step::end).isInstanceOf(FlowInterruptedException.class);
        answered.countDown();
        assertThat(run.getAction(DeliveryAction.class)).isNull();
    }

    @Test
    void theConfigurationOfRegistriesIsChecked() {
        assertThatThrownBy(() -> GitOpsWavesConfiguration.get()
                        .setRegistries(List.of(new RegistryDefinition("http://r.example.com"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowInsecure");
        assertThatThrownBy(() -> GitOpsWavesConfiguration.get()
                        .setRegistries(List.of(
                                new RegistryDefinition("https://r.example.com"),
                                new RegistryDefinition("https://r.example.com/"))))
                .hasMessageContaining("r.example.com is configured twice");
        assertThatThrownBy(() -> GitOpsWavesConfiguration.get().setRegistries(List.of(new RegistryDefinition(" "))))
                .hasMessageContaining("url is missing");
    }
}
