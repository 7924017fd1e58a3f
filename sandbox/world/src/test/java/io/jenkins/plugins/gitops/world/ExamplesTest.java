package io.jenkins.plugins.gitops.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of the example repositories, on their own content and on faulty content. */
class ExamplesTest {

    private static final Path EXAMPLES =
            Path.of("../../docs/examples/small").toAbsolutePath().normalize();
    private static final String SHA = "7d1043473d55bfa90e8530d35801d4e381bc69f0";
    private static final List<String> SERVICES = List.of("basket", "frontend", "orders");

    @TempDir
    Path folder;

    private record Ran(int exit, String output) {}

    private static Ran run(Path directory, String... command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().remove("IMAGE_REGISTRY");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), output);
    }

    private Path example(String name) throws IOException {
        Path copy = folder.resolve(name);
        try (Stream<Path> files = Files.walk(EXAMPLES.resolve(name))) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        copy.resolve(EXAMPLES.resolve(name).relativize(file).toString()));
            }
        }
        return copy;
    }

    private static void replace(Path file, String from, String to) throws IOException {
        String before = Files.readString(file);
        assertThat(before).contains(from);
        Files.writeString(file, before.replace(from, to));
    }

    /** Builds all services and returns their digests. */
    private static Map<String, String> build(Path app, String tag) throws Exception {
        Map<String, String> digests = new TreeMap<>();
        for (String service : SERVICES) {
            Ran ran = run(app, "./build-image", service, "docker.example.com/acme/" + service, tag);
            assertThat(ran.exit).as(ran.output).isZero();
            Matcher digest = Pattern.compile("\"containerimage.digest\": \"(sha256:[0-9a-f]{64})\"")
                    .matcher(Files.readString(app.resolve("out/" + service + ".json")));
            assertThat(digest.find()).isTrue();
            digests.put(service, digest.group(1));
        }
        return digests;
    }

    private static List<String> differing(Map<String, String> before, Map<String, String> after) {
        return before.keySet().stream()
                .filter(service -> !before.get(service).equals(after.get(service)))
                .toList();
    }

    @Test
    void aDigestChangesExactlyWithWhatIsInTheImage() throws Exception {
        Path app = example("app");
        Map<String, String> first = build(app, "one");

        assertThat(build(app, "two")).isEqualTo(first);

        replace(app.resolve("README.md"), "A corner shop", "The corner shop");
        assertThat(build(app, "three")).isEqualTo(first);

        replace(app.resolve("services/frontend/www/index.html"), "nine to six", "nine to eight");
        Map<String, String> second = build(app, "four");
        assertThat(differing(first, second)).containsExactly("frontend");

        replace(app.resolve("lib/money.sh"), "EUR", "euro");
        assertThat(differing(second, build(app, "five"))).containsExactly("basket", "orders");
    }

    @Test
    void everyBlobOfAnImageIsNamedByItsDigestAndReachable() throws Exception {
        Path app = example("app");
        String digest = build(app, SHA).get("basket");
        Path layout = app.resolve("out/basket");
        Path blobs = layout.resolve("blobs/sha256");

        assertThat(Files.readString(layout.resolve("index.json"))).contains(digest, "basket:" + SHA);
        String manifest = Files.readString(blobs.resolve(digest.substring("sha256:".length())));
        List<String> named = new ArrayList<>();
        Matcher blob = Pattern.compile("\"digest\": \"sha256:([0-9a-f]{64})\",\\s+\"size\": ([0-9]+)")
                .matcher(manifest);
        while (blob.find()) {
            named.add(blob.group(1));
            assertThat(Files.size(blobs.resolve(blob.group(1)))).isEqualTo(Long.parseLong(blob.group(2)));
        }
        assertThat(named).hasSize(2);
        try (Stream<Path> files = Files.list(blobs)) {
            assertThat(files)
                    .hasSize(3)
                    .allSatisfy(file -> assertThat(run(app, "sha256sum", file.toString()).output)
                            .startsWith(file.getFileName().toString()));
        }
        assertThat(run(
                                app,
                                "tar",
                                "--list",
                                "--file",
                                blobs.resolve(named.get(1)).toString())
                        .output)
                .contains("app/www/cgi-bin/total", "app/lib/money.sh");
    }

    @Test
    void anImageThatCannotBeBuiltIsNamed() throws Exception {
        Path app = example("app");

        Ran unknown = run(app, "./build-image", "gift", "docker.example.com/acme/gift", SHA);
        assertThat(unknown.exit).isOne();
        assertThat(unknown.output).contains("There is no service 'gift'");

        Ran outside = run(app, "./build-image", "../app", "docker.example.com/acme/gift", SHA);
        assertThat(outside.exit).isOne();
        assertThat(outside.output).contains("The service name '../app'");

        Files.writeString(app.resolve("services/frontend/uses"), "colours\n");
        Ran library = run(app, "./build-image", "frontend", "docker.example.com/acme/frontend", SHA);
        assertThat(library.exit).isOne();
        assertThat(library.output).contains("lib/colours.sh is missing");
    }

    private Path config() throws IOException {
        Path config = example("cfg-app");
        deliver(config, "staging");
        return config;
    }

    private static void deliver(Path config, String wave) throws IOException {
        Path images = Files.createDirectories(config.resolve("images").resolve(wave));
        StringBuilder tags = new StringBuilder();
        StringBuilder digests = new StringBuilder();
        for (String service : SERVICES) {
            String start =
                    (tags.isEmpty() ? "{\n" : ",\n") + "  \"" + service + "\": \"docker.example.com/acme/" + service;
            tags.append(start).append(":" + SHA + "\"");
            digests.append(start).append("@sha256:" + "0a".repeat(32) + "\"");
        }
        Files.writeString(images.resolve("tags.json"), tags + "\n}\n");
        Files.writeString(images.resolve("digests.json"), digests + "\n}\n");
    }

    private static void assertFault(Path config, String sentence) throws Exception {
        Ran ran = run(config, "./check");
        assertThat(ran.exit).as(ran.output).isOne();
        assertThat(ran.output).contains(sentence);
    }

    @Test
    void goodContentIsGreenBeforeAndAfterTheFirstDelivery() throws Exception {
        assertThat(run(EXAMPLES.resolve("cfg-app"), "./check").exit).isZero();

        Path config = config();
        for (String wave : List.of("staging", "internal", "production")) {
            deliver(config, wave);
            Ran ran = run(config, "./check");
            assertThat(ran.exit).as(ran.output).isZero();
            assertThat(run(config, "./render", wave).output)
                    .contains("image: docker.example.com/acme/orders@sha256:" + "0a".repeat(32) + "\n");
        }
        assertThat(run(config, "./check").output).isEqualTo("All is well in 3 wave(s).\n");
    }

    @Test
    void aPromotedServiceNeedsAManifestInItsOwnWave() throws Exception {
        Path config = config();
        deliver(config, "production");
        Files.delete(config.resolve("manifests/production/orders.yaml"));

        assertFault(
                config,
                "The service 'orders' of the wave 'production' has no manifest; add manifests/production/orders.yaml.");
    }

    @Test
    void thePluginOfArgoCdPrintsWhatRenderPrints() throws Exception {
        Path config = config();
        Matcher generate = Pattern.compile("command: \\[sh, -c, '(.*)']")
                .matcher(Files.readString(config.resolve("argocd/render.yaml")));
        assertThat(generate.find()).isTrue();

        Ran ran = run(config.resolve("manifests/staging"), "sh", "-c", generate.group(1));
        assertThat(ran.exit).as(ran.output).isZero();
        assertThat(ran.output).isEqualTo(run(config, "./render", "staging").output);
    }

    @Test
    void aServiceWithoutAManifestIsNamed() throws Exception {
        Path config = config();
        for (String file : List.of("tags", "digests")) {
            replace(config.resolve("images/staging/" + file + ".json"), "basket", "a-gift");
        }

        assertFault(config, "The service 'a-gift' of the wave 'staging' has no manifest; add");
        assertFault(config, "manifests/staging/basket.yaml has no image");
    }

    @Test
    void filesThatAreNotInCanonicalFormAreNamed() throws Exception {
        Path config = config();
        replace(config.resolve("images/staging/tags.json"), "  \"orders\"", "   \"orders\"");
        assertFault(config, "images/staging/tags.json is not in canonical form");

        replace(config.resolve("images/staging/tags.json"), "   \"orders\"", "  \"a\"");
        assertFault(config, "images/staging/tags.json is not in canonical form");

        Files.delete(config.resolve("images/staging/tags.json"));
        assertFault(config, "images/staging/tags.json is missing");
    }

    @Test
    void tagsAndDigestsThatDoNotBelongTogetherAreNamed() throws Exception {
        Path config = config();
        replace(config.resolve("images/staging/digests.json"), "acme/basket@", "acme/other@");
        assertFault(config, "Tag and digest of 'basket' in images/staging are of different repositories");
        replace(config.resolve("images/staging/digests.json"), "acme/other@", "acme/basket@");

        replace(config.resolve("images/staging/tags.json"), "\"orders\"", "\"ready\"");
        assertFault(config, "The service 'orders' has a digest but no tag in images/staging.");
    }

    @Test
    void malformedTagsAndDigestsAreNamed() throws Exception {
        Path config = config();
        replace(config.resolve("images/staging/tags.json"), "basket:" + SHA, "basket:latest");
        assertFault(config, "The tag of 'basket' in images/staging is not a full commit SHA");

        replace(config.resolve("images/staging/digests.json"), "orders@sha256:0a", "orders@sha256:0g");
        assertFault(config, "The digest of 'orders' in images/staging is malformed");
    }

    @Test
    void manifestsThatRunSomethingElseAreNamed() throws Exception {
        Path config = config();
        replace(config.resolve("manifests/staging/orders.yaml"), "acme/orders", "acme/orders:latest");
        assertFault(config, "manifests/staging/orders.yaml must have exactly one image");
    }

    private static List<String> rendered(Path config) throws Exception {
        return run(config, "./render", "staging")
                .output
                .lines()
                .filter(line -> line.contains("image: "))
                .map(line -> line.replaceAll(".*image: ", ""))
                .toList();
    }

    private static void commit(Path config, String message) {
        GitCli.run(config, "add", "--all");
        GitCli.run(config, "commit", "--quiet", "--message", message);
    }

    @Test
    void argoCdRunsExactlyWhatIsRendered() throws Exception {
        Path config = config();
        GitCli.run(config, "init", "--quiet", "--initial-branch=main");
        GitCli.run(config, "add", "--all", "--", ":!images");
        GitCli.run(config, "commit", "--quiet", "--message", "Begin");
        try (ArgoCdSimulator argo = ArgoCdSimulator.start(folder.resolve("argo"), Clock.systemUTC(), 0)) {
            var client = new ArgoCdApiCaller(argo.url(), argo.token("ci"));
            SimulatedApplication application =
                    argo.add(new ApplicationSpec("staging", config.toString(), "manifests/staging", "main")
                            .rendering(ImageRendering.pinnedBy("images/staging/digests.json")));
            application.settle();
            assertThat(client.application("staging")
                            .at("/status/conditions/0/message")
                            .asText())
                    .endsWith("Nothing has been delivered: images/staging/digests.json is missing.");

            commit(config, "Deliver");
            application.settle();
            assertThat(ArgoCdTestBed.texts(client.application("staging").at("/status/summary/images")))
                    .hasSize(3)
                    .isEqualTo(rendered(config));

            replace(config.resolve("images/staging/tags.json"), "orders:" + SHA, "orders:" + "e".repeat(40));
            commit(config, "The same images, built anew");
            assertThat(application.advance()).contains(SyncStep.COMPARED);

            replace(config.resolve("images/staging/digests.json"), "orders@sha256:0a", "orders@sha256:0b");
            commit(config, "Deliver another image");
            assertThat(application.advance()).contains(SyncStep.OPERATION_REQUESTED);
            application.settle();
            assertThat(ArgoCdTestBed.texts(client.application("staging").at("/status/summary/images")))
                    .isEqualTo(rendered(config))
                    .anyMatch(image -> image.startsWith("docker.example.com/acme/orders@sha256:0b"));
        }
    }
}
