package io.jenkins.plugins.gitops.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RegistryDefinition;
import io.jenkins.plugins.gitops.registry.FakeRegistry;
import io.jenkins.plugins.gitops.registry.RealRegistry;
import io.jenkins.plugins.gitops.registry.RealTools;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The example repositories as they are, from sources to pod specs, with the tools that people would use. */
@Tag("sandbox")
class ExamplesWithRealToolsTest {

    private static final Path EXAMPLES = Path.of("../../docs/examples");
    private static final List<String> SERVICES = List.of("basket", "frontend", "orders");
    private static final Pattern IMAGE = Pattern.compile("\"image\": \"(.*)\"");

    @RegisterExtension
    private final StepHarness steps = new StepHarness();

    @TempDir
    private Path folder;

    private static Path copy(String example, Path to) throws IOException {
        Path from = EXAMPLES.resolve(example);
        Files.createDirectories(to);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
        return to;
    }

    private static void commit(Path repository) {
        GitCli.run(repository, "init", "--quiet", "--initial-branch=master");
        GitCli.run(repository, "add", "--all");
        GitCli.run(repository, "commit", "--quiet", "--message", "Begin");
    }

    private static void replace(Path file, String from, String to) throws IOException {
        String before = Files.readString(file);
        assertThat(before).contains(from);
        Files.writeString(file, before.replace(from, to));
    }

    /** The bytes of each service's program. */
    private static Map<String, ByteBuffer> binaries(Path app) throws Exception {
        RealTools.run(app, "./build-binaries", "out");
        Map<String, ByteBuffer> binaries = new TreeMap<>();
        for (String service : SERVICES) {
            binaries.put(service, ByteBuffer.wrap(Files.readAllBytes(app.resolve("out/" + service))));
        }
        return binaries;
    }

    @Test
    void aBinaryChangesExactlyWithItsSources() throws Exception {
        RealTools.require("go");
        Path here = copy("app", folder.resolve("here"));
        Path there = copy("app", folder.resolve("further/down/there"));
        // So that there is something of git that could get into a binary.
        commit(there);
        Map<String, ByteBuffer> binaries = binaries(here);

        assertThat(binaries(there)).isEqualTo(binaries);

        replace(here.resolve("README.md"), "A corner shop", "The corner shop");
        assertThat(binaries(here)).isEqualTo(binaries);

        replace(here.resolve("money/money.go"), "d EUR\"", "d euro\"");
        assertThat(binaries(here))
                .hasEntrySatisfying("frontend", same -> assertThat(same).isEqualTo(binaries.get("frontend")))
                .doesNotContainEntry("basket", binaries.get("basket"))
                .doesNotContainEntry("orders", binaries.get("orders"));
    }

    /** A module that the binaries use, in a version, from vendor. */
    private static void vendor(Path app, String version) throws IOException {
        Path module = Files.createDirectories(app.resolve("vendor/example.com/rates"));
        Files.writeString(module.resolve("rates.go"), "package rates\n\nfunc Of(int) int { return 19 }\n");
        Files.writeString(
                app.resolve("vendor/modules.txt"),
                "# example.com/rates " + version + "\n## explicit; go 1.19\nexample.com/rates\n");
        Files.writeString(
                app.resolve("go.mod"),
                "module example.com/acme/shop\n\ngo 1.19\n\nrequire example.com/rates " + version + "\n");
    }

    @Test
    void anUpdateOfAModuleThatChangesNoCodeChangesNoBinary() throws Exception {
        RealTools.require("go");
        Path app = copy("app", folder.resolve("app"));
        replace(app.resolve("cmd/frontend/main.go"), "func main() {", "func main() {\n\t_ = rates.Of(1)\n");
        replace(app.resolve("cmd/frontend/main.go"), "import (", "import (\n\t\"example.com/rates\"");
        vendor(app, "v1.0.0");
        Map<String, ByteBuffer> binaries = binaries(app);

        vendor(app, "v1.1.0");

        assertThat(binaries(app)).isEqualTo(binaries);
    }

    @Test
    void anImageIsTaggedByCommitAndBranch() throws Exception {
        Path app = copy("app", folder.resolve("app"));
        commit(app);
        String sha = GitCli.run(app, "rev-parse", "HEAD").strip();

        assertThat(RealTools.run(app, "./image-tags", "feature/tea+mint").lines())
                .containsExactly(sha, "branch-feature_tea_mint");
        assertThat(RealTools.run(app, "./image-tags", "x".repeat(200)).lines())
                .containsExactly(sha, "branch-" + "x".repeat(121));
        assertThat(RealTools.attempt(app, "./image-tags", "").output()).contains("Usage: ./image-tags BRANCH");
    }

    @Test
    void podsRunExactlyWhatTheRegistryHas() throws Exception {
        RealTools.require("go", "jsonnet", "make");
        Path app = copy("app", folder.resolve("app"));
        commit(app);
        binaries(app);
        String sha = GitCli.run(app, "rev-parse", "HEAD").strip();
        Path served = Files.createDirectory(folder.resolve("registry"));
        try (RealRegistry registry = new RealRegistry(served)) {
            var connection = new RegistryDefinition(registry.url());
            connection.setAllowInsecure(true);
            GitOpsWavesConfiguration.get().setRegistries(List.of(connection));
            TestCredentials.add("pull", FakeRegistry.USER, FakeRegistry.PASSWORD);
            TestRun build = steps.build("app");
            Map<String, Map<String, Object>> announced = new TreeMap<>();
            List<String> images = new ArrayList<>();
            for (String service : SERVICES) {
                Path program = app.resolve("out/" + service);
                String image = registry.host() + "/team/" + service;
                String digest = registry.push("team/" + service, sha, program);
                assertThat(registry.push("again/" + service, sha, program)).isEqualTo(digest);
                images.add(image + "@" + digest);

                Map<String, Object> recorded = steps.start(
                                build,
                                "recordImage",
                                Map.of("service", service, "image", image, "tag", sha, "credentialsId", "pull"))
                        .result();
                announced.put(service, Map.of("Tag", recorded.get("Tag"), "Digest", recorded.get("Digest")));
            }

            Path config = delivered(build, sha);

            RealTools.run(config, "make", "generate");
            for (String target : List.of("asia", "eu", "us")) {
                assertThat(podsRun(config, "staging/" + target)).isEqualTo(images);
            }

            spoiltAndMended(config);
            byHand(config, announced);
            promoted(config, images);
        }
    }

    @Test
    void aNewWaveWorksWithNothingInImages() throws Exception {
        RealTools.require("jsonnet", "make");
        Path config = copy("cfg-app", folder.resolve("cfg-app"));
        commit(config);
        Path environments = config.resolve("environments");
        Files.writeString(
                environments.resolve("canary.jsonnet"),
                Files.readString(environments.resolve("internal.jsonnet")).replace("'internal'", "'canary'"));

        RealTools.run(config, "make", "generate");

        assertThat(RealTools.run(config, "make", "check")).endsWith("All is well: 0 files.");
        assertThat(config.resolve("images")).doesNotExist();
        assertThat(config.resolve("generated/canary")).doesNotExist();
        Path announced = Files.writeString(
                folder.resolve("images.json"),
                "{\"basket\": {\"Tag\": \"docker.example.com/acme/basket:1\", \"Digest\":"
                        + " \"docker.example.com/acme/basket@sha256:" + "a".repeat(64) + "\"}}");
        RealTools.run(config, "make", "introduce_images", "IMAGE_FILE=" + announced, "WAVE=canary");
        assertThat(podsRun(config, "canary/eu"))
                .containsExactly("docker.example.com/acme/basket@sha256:" + "a".repeat(64));
    }

    @Test
    void aPromotionFromAWaveThatThereIsNotLeavesNoFile() throws Exception {
        RealTools.require("jsonnet", "make");
        Path config = copy("cfg-app", folder.resolve("cfg-app"));
        commit(config);

        RealTools.Ran refused = RealTools.attempt(config, "make", "promote", "FROM=typo", "TO=internal");

        assertThat(refused.exit()).isNotZero();
        assertThat(refused.output()).contains("The commit HEAD has no images of a wave typo.");
        assertThat(GitCli.run(config, "status", "--porcelain")).isEmpty();
        assertThat(RealTools.attempt(config, "make", "promote", "FROM=staging").output())
                .contains("Name two waves: FROM=staging TO=internal");
    }

    @Test
    void whatIsMistypedLeavesNoFile() throws Exception {
        RealTools.require("jsonnet", "make");
        Path config = copy("cfg-app", folder.resolve("cfg-app"));
        Path announced = Files.writeString(
                folder.resolve("images.json"),
                "{\"basket\": {\"Tag\": \"docker.example.com/acme/basket:1\", \"Digest\":"
                        + " \"docker.example.com/acme/basket@sha256:" + "a".repeat(64) + "\"}}");
        RealTools.run(config, "make", "introduce_images", "IMAGE_FILE=" + announced);
        commit(config);
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\"basket\": {\"Tag\": \"a:1\"}}");
        Map<List<String>, String> mistyped = Map.of(
                List.of("promote", "FROM=staging", "TO=typo"), "There is no wave typo",
                List.of("introduce_images", "IMAGE_FILE=" + announced, "WAVE=typo"), "There is no wave typo",
                List.of("introduce_images", "IMAGE_FILE=typo.json", "WAVE=internal"), "typo.json",
                List.of("introduce_images", "IMAGE_FILE=" + broken, "WAVE=internal"), "Digest",
                List.of("regenerate-single-yaml", "FILE=generated/typo/eu/basket.yaml"), "There is no wave typo",
                List.of("regenerate-single-yaml", "FILE=generated/staging/eu/typo.yaml"), "eu/typo.yaml");

        for (Map.Entry<List<String>, String> each : mistyped.entrySet()) {
            List<String> command = new ArrayList<>(List.of("make"));
            command.addAll(each.getKey());
            RealTools.Ran refused = RealTools.attempt(config, command.toArray(String[]::new));

            assertThat(refused.exit()).as(refused.output()).isNotZero();
            assertThat(refused.output()).contains(each.getValue());
            assertThat(GitCli.run(config, "status", "--porcelain"))
                    .as(each.getKey().toString())
                    .isEmpty();
            assertThat(config.resolve("images/typo")).doesNotExist();
        }
    }

    /** A clone of {@code auto} after the build's images were committed to the example's config repository. */
    private Path delivered(TestRun build, String sha) throws Exception {
        ConfigRepoFixture repository = ConfigRepoFixture.onDisk(folder);
        steps.configure(repository.definition());
        Path config = folder.resolve("config");
        GitCli.run(folder, "clone", "--quiet", repository.url(), config.toString());
        copy("cfg-app", config);
        GitCli.run(config, "add", "--all");
        GitCli.run(config, "commit", "--quiet", "--message", "Describe how the corner shop runs");
        GitCli.run(config, "push", "--quiet", "origin", "HEAD:refs/heads/master");
        assertThat(steps.start(build, "commitConfig", Map.of("wave", "staging", "appSha", sha))
                        .result())
                .containsEntry("changed", true);
        GitCli.run(config, "pull", "--quiet", "--ff-only", "origin", "auto");
        return config;
    }

    /** The images of all pods of a target, as its generated YAML has them. */
    private static List<String> podsRun(Path config, String target) throws IOException {
        try (Stream<Path> files = Files.list(config.resolve("generated").resolve(target))) {
            StringBuilder yaml = new StringBuilder();
            for (Path file : files.sorted().toList()) {
                yaml.append(Files.readString(file));
            }
            return IMAGE.matcher(yaml).results().map(found -> found.group(1)).toList();
        }
    }

    /** What people make of the announced images is what the engine makes of them, byte for byte. */
    private void byHand(Path config, Map<String, Map<String, Object>> announced) throws Exception {
        Path other = copy("cfg-app", folder.resolve("by-hand"));
        Path file = Files.writeString(folder.resolve("images.json"), new ObjectMapper().writeValueAsString(announced));
        RealTools.run(other, "make", "introduce_images", "IMAGE_FILE=" + file);
        for (String written : List.of("tags.json", "digests.json")) {
            assertThat(other.resolve("images/staging").resolve(written))
                    .hasSameBinaryContentAs(config.resolve("images/staging").resolve(written));
        }
    }

    private static void spoiltAndMended(Path config) throws Exception {
        String orders = "generated/staging/eu/orders.yaml";
        replace(config.resolve(orders), "@sha256:", ":");
        RealTools.Ran spoilt = RealTools.attempt(config, "make", "check");
        assertThat(spoilt.exit()).isNotZero();
        assertThat(spoilt.output())
                .contains("generated/ is not what the Jsonnet and the images give")
                .contains(orders + ": Deployment orders: the image", "has no digest");

        RealTools.run(config, "make", "regenerate-single-yaml", "FILE=" + orders);
        assertThat(RealTools.run(config, "make", "check")).endsWith("All is well: 9 files.");
    }

    private static void promoted(Path config, List<String> images) throws Exception {
        RealTools.run(config, "make", "promote", "FROM=staging", "TO=internal");
        assertThat(podsRun(config, "internal/us")).isEqualTo(images);
        assertThat(config.resolve("generated/production")).doesNotExist();

        for (String written : List.of("tags", "digests")) {
            replace(config.resolve("images/internal/" + written + ".json"), "\"orders\"", "\"parcels\"");
        }
        assertThat(RealTools.attempt(config, "make", "generate").output())
                .contains("The wave 'internal' has an image of 'parcels', which lib/wave.libsonnet does not know");
    }
}
