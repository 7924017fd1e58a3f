package sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import sandbox.runner.BuildRequest;
import sandbox.runner.BuildResult;
import sandbox.runner.GeneratorJob;
import sandbox.runner.Sandbox;
import sandbox.runner.ScmSource;
import sandbox.runner.WebServer;

/**
 * Runs the unchanged example repositories and Jenkinsfiles with a real registry and the real tools. Only the cluster is
 * simulated, and {@code docker} is a script.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WholeExamplesTest {

    private static final Path EXAMPLES =
            Path.of("../../docs/examples").toAbsolutePath().normalize();
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final List<String> TARGETS = List.of("asia", "eu", "us");
    private static final List<String> SERVICES = List.of("basket", "frontend", "orders");

    @TempDir
    private Path folder;

    private final ChangeSignal news = new ChangeSignal();
    private final String secret = UUID.randomUUID().toString();
    private final AtomicInteger builds = new AtomicInteger();
    private final BuildOutput generated = new BuildOutput(news);
    private DemoRepositories repositories;
    private ConfigReader config;
    private DemoCluster cluster;
    private ArgoReader argo;
    private Sandbox sandbox;
    private WebServer server;

    private static void require(String... tools) {
        List<String> missing = Stream.of(tools)
                .filter(tool -> Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .noneMatch(path -> Files.isExecutable(Path.of(path, tool))))
                .toList();
        assumeTrue(missing.isEmpty(), "Missing: " + String.join(", ", missing) + "; get them with: .ci/tools");
    }

    @BeforeEach
    void open() throws IOException {
        require("make", "jsonnet", "curl");
        repositories = new DemoRepositories(folder);
        config = new ConfigReader(repositories.config());
        cluster = new SimulatedCluster(
                folder.resolve("argo-cd"),
                ExampleApplicationSet.read(EXAMPLES.resolve("cfg-app/argocd/applications.yaml")),
                repositories);
        argo = new ArgoReader(cluster.url(), cluster.token("reader"));
    }

    private void openSandbox(String registryUrl) throws IOException {
        sandbox = Sandbox.open(
                folder.resolve("jenkins"),
                Files.readString(EXAMPLES.resolve("casc.yaml")),
                Map.ofEntries(
                        Map.entry("GIT_USER", DemoRepositories.USER),
                        Map.entry("APP_GIT_PASSWORD", repositories.password()),
                        Map.entry("CFG_APP_GIT_PASSWORD", repositories.password()),
                        Map.entry("CFG_APP_URL", repositories.configUrl()),
                        Map.entry("ARGO_URL", cluster.url()),
                        Map.entry("ARGO_TOKEN", cluster.token("jenkins")),
                        Map.entry("DEPLOYED_SECRET", secret),
                        Map.entry("REGISTRY_URL", registryUrl),
                        Map.entry("REGISTRY_PASSWORD", ""),
                        Map.entry("ALLOW_INSECURE", "true"),
                        Map.entry("POLL_INTERVAL", "1s"),
                        Map.entry("SOAK", "1s")));
        DriverRegistry.get()
                .setGenerators(GeneratorJob.in(
                        sandbox,
                        "cfg-generate",
                        Files.readString(EXAMPLES.resolve("cfg-app/Jenkinsfile.generate")),
                        generated));
        server = WebServer.on("127.0.0.1", 0);
        server.start((repository, announced) -> 0);
    }

    @AfterEach
    void close() throws IOException {
        if (server != null) {
            server.close();
            sandbox.close();
        }
        if (cluster != null) {
            cluster.close();
            repositories.close();
        }
    }

    /** Runs a Jenkinsfile to its end. */
    private void build(String job, String jenkinsfile, Map<String, String> environment) {
        build(job, jenkinsfile, environment, null);
    }

    private void build(String job, String jenkinsfile, Map<String, String> environment, ScmSource scm) {
        Path workspace = folder.resolve("workspace/" + job + "-" + builds.incrementAndGet());
        BuildOutput output = new BuildOutput(news);
        try {
            String script = Files.readString(EXAMPLES.resolve(jenkinsfile));
            BuildResult result = sandbox.build(
                    new BuildRequest(job, script, workspace, Map.of(), environment, BuildRequest.Answer.NONE, scm),
                    output);
            assertThat(result.isSuccess()).as(() -> job + ":\n" + output.text()).isTrue();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void test(ConfigRepoCi.Tip tip) {
        build(
                "cfg-app-ci/" + tip.branch().replace("/", "%2F"),
                "cfg-app/Jenkinsfile",
                Map.of("BRANCH_NAME", tip.branch()),
                new ScmSource(repositories.config().toString(), tip.sha()));
    }

    private static String run(Path directory, Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    /** A registry without authentication. */
    private static final class Registry implements AutoCloseable {

        private static final Pattern LISTENS = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)");

        private final Process process;
        private String host;

        Registry(Path folder) throws IOException {
            Path settings =
                    Files.writeString(folder.resolve("registry.yml"), """
                        version: 0.1
                        storage: {filesystem: {rootdirectory: "%s"}}
                        http: {addr: "127.0.0.1:0"}
                        """.formatted(folder.resolve("registry")));
            process = new ProcessBuilder("docker-registry", "serve", settings.toString())
                    .redirectErrorStream(true)
                    .start();
            BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
            for (String line = log.readLine();
                    line != null && host == null;
                    line = host == null ? log.readLine() : line) {
                Matcher listens = LISTENS.matcher(line);
                host = listens.find() ? listens.group(1) : null;
            }
            assertThat(host).as("the registry listens").isNotNull();
            // Unread output would fill the pipe and block the registry.
            CompletableFuture.runAsync(() -> log.lines().forEach(line -> {}));
        }

        /** The reference, by its digest in the registry, of the image of a service with a tag. */
        String image(String service, String tag) throws Exception {
            String image = host + "/acme/" + service;
            String digest = run(
                    Path.of("/"),
                    Map.of(),
                    "skopeo",
                    "inspect",
                    "--tls-verify=false",
                    "--format",
                    "{{.Digest}}",
                    "docker://" + image + ":" + tag);
            return image + "@" + digest;
        }

        @Override
        public void close() throws InterruptedException {
            process.destroy();
            process.waitFor();
        }
    }

    /** The value of PATH with a folder at its beginning that has the script in place of docker. */
    private String pathWithDocker() throws IOException {
        Path tools = Files.createDirectory(folder.resolve("tools"));
        try (InputStream script = WholeExamplesTest.class.getResourceAsStream("docker")) {
            Path docker = tools.resolve("docker");
            Files.copy(script, docker);
            Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwx------"));
        }
        return tools + File.pathSeparator + System.getenv("PATH");
    }

    private void runs(String wave, List<String> images) {
        for (String target : TARGETS) {
            for (int i = 0; i < images.size(); i++) {
                String file = "generated/" + wave + "/" + target + "/" + SERVICES.get(i) + ".yaml";
                assertThat(config.git("show", "main:" + file)).contains("\"image\": \"" + images.get(i) + "\"");
            }
            assertThat(argo.target(wave + "-" + target)).satisfies(application -> {
                assertThat(application.isWell()).as(application.toString()).isTrue();
                assertThat(application.images()).isEqualTo(new TreeSet<>(images));
            });
        }
    }

    @Test
    void theirJenkinsfilesDeliverAndPromoteWhatTheRegistryHas() throws Exception {
        require("go", "docker-registry", "skopeo", "umoci");
        try (var registry = new Registry(folder);
                var ci = new ConfigRepoCi(repositories.tips(), news, this::test, cluster::pushed)) {
            openSandbox("http://" + registry.host);
            repositories.startConfig(EXAMPLES.resolve("cfg-app"));
            cluster.begin();
            var app = repositories.startApp(EXAMPLES.resolve("app"));
            String sha = GitCli.run(app.directory(), "rev-parse", "HEAD").strip();

            var environment = new HashMap<String, String>();
            environment.put("PATH", pathWithDocker());
            environment.put("IMAGE_REGISTRY", registry.host + "/acme");
            environment.put("BRANCH_NAME", "feature");
            var scm = new ScmSource(repositories.app().toString(), sha);
            build("app/feature", "app/Jenkinsfile", environment, scm);
            assertThat(config.queued()).as("a branch delivers nothing").isEmpty();
            environment.put("BRANCH_NAME", "main");
            build("app/main", "app/Jenkinsfile", environment, scm);
            List<String> images = List.of(
                    registry.image("basket", sha), registry.image("frontend", sha), registry.image("orders", sha));
            assertThat(registry.image("basket", "branch-main")).isEqualTo(images.get(0));
            runs("staging", images);

            build("promote-internal", "cfg-app/Jenkinsfile.promote", Map.of());
            runs("internal", images);
            build("promote-hold", "cfg-app/Jenkinsfile.hold", Map.of("WAVE", "production", "REASON", "a fair"));
            assertThat(config.git("show", ConfigReader.STATE + ":waves/production.json"))
                    .contains("a fair");
            build("promote-hold", "cfg-app/Jenkinsfile.hold", Map.of("WAVE", "production"));
            build("promote-production", "cfg-app/Jenkinsfile.promote", Map.of());
            runs("production", images);
            ci.awaitIdle();

            long asked = cluster.lists();
            var notifications =
                    new ArgoNotifications(EXAMPLES.resolve("cfg-app/argocd/notifications.yaml"), server.url());
            var sent = notifications.send(argo.application("staging-eu"), secret);
            assertThat(sent.status()).isEqualTo(202);
            assertThat(sent.path()).isEqualTo("/deployed/cfg-app/staging");
            assertThat(sent.body()).contains("\"application\": \"staging-eu\"", "\"phase\": \"Succeeded\"");
            await().atMost(LONG).until(() -> cluster.lists() > asked);
        }
    }

    @Test
    void theirHookTellsJenkins() throws Exception {
        openSandbox("https://docker.example.com");
        var operator = repositories.startConfig(EXAMPLES.resolve("cfg-app"));
        cluster.begin();
        Path directory = operator.directory();
        operator.replace("environments/staging.jsonnet", "replicas=", "jenkins='" + server.url() + "',\n  replicas=");
        String image = "docker.example.com/acme/basket";
        operator.write("images/staging/tags.json", "{\"basket\": \"" + image + ":1\"}");
        operator.write("images/staging/digests.json", "{\"basket\": \"" + image + "@sha256:" + "0a".repeat(32) + "\"}");
        run(directory, Map.of(), "make", "generate");
        assertThat(run(directory, Map.of(), "make", "check")).endsWith("All is well: 6 files.");
        assertThat(directory.resolve("generated/internal")).doesNotExist();

        Map<?, ?> job = new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(operator.read("generated/staging/eu/tell-jenkins.yaml"));
        assertThat(((Map<?, ?>) job.get("metadata")).get("annotations"))
                .isEqualTo(Map.of(
                        "argocd.argoproj.io/hook", "PostSync",
                        "argocd.argoproj.io/hook-delete-policy", "BeforeHookCreation"));
        Map<?, ?> pod = (Map<?, ?>) ((Map<?, ?>) ((Map<?, ?>) job.get("spec")).get("template")).get("spec");
        Map<?, ?> container = (Map<?, ?>) ((List<?>) pod.get("containers")).get(0);
        String[] command = ((List<?>) container.get("command"))
                .stream().map(String::valueOf).toArray(String[]::new);
        assertThat(run(directory, Map.of("SECRET", "a guess"), command)).contains("403");
        long asked = cluster.lists();

        assertThat(run(directory, Map.of("SECRET", secret), command)).contains("cfg-app is looked at");

        await().atMost(LONG).until(() -> cluster.lists() > asked);
    }
}
