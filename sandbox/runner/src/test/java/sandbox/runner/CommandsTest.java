package sandbox.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.world.CascFile;
import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The commands beside {@code run}, each as a process of its own, on a real git server. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommandsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final CommandProcesses commands = new CommandProcesses();

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private GitHttpServer git;
    private Path bare;
    private Path output;

    @BeforeEach
    void begin() throws IOException {
        git = GitHttpServer.start(folder, "bot", "git-password");
        bare = git.create("cfg-app.git", "main");
        commit("Begin");
        output = folder.resolve("output");
        Files.writeString(
                folder.resolve("casc.yaml"),
                CascFile.of(git.url("cfg-app.git"), List.of("deployed"), "waves: [{name: staging}]"));
    }

    @AfterEach
    void end() {
        git.close();
    }

    /** Somebody commits to main, without a file. */
    private String commit(String subject) {
        String tree =
                GitCli.run(bare, "hash-object", "-t", "tree", "-w", "/dev/null").strip();
        List<String> command = new ArrayList<>(List.of("commit-tree", tree, "-m", subject));
        if (GitCli.succeeds(bare, "rev-parse", "-q", "--verify", "main")) {
            command.addAll(List.of("-p", "main"));
        }
        String commit = GitCli.run(bare, command.toArray(String[]::new)).strip();
        GitCli.run(bare, "update-ref", "refs/heads/main", commit);
        return commit;
    }

    private Process start(Class<?> program, String... more) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("--casc", folder.resolve("casc.yaml").toString()));
        arguments.addAll(Arrays.asList(more));
        Files.deleteIfExists(output);
        return commands.start(output, program, arguments);
    }

    private Process serve() throws IOException {
        return start(ServeCommand.class, "--home", home(), "--port", "0");
    }

    private String home() {
        return folder.resolve("home").toString();
    }

    private String output() {
        return CommandProcesses.text(output);
    }

    private String url() {
        return CommandProcesses.servedUrl(output);
    }

    private HttpResponse<String> ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> state() throws IOException, InterruptedException {
        return ask(HttpRequest.newBuilder(URI.create(url() + "/state/cfg-app")));
    }

    private HttpResponse<String> hook(String secret) throws IOException, InterruptedException {
        return ask(HttpRequest.newBuilder(URI.create(url() + "/deployed/cfg-app/staging"))
                .header("Authorization", "Bearer " + secret)
                .POST(HttpRequest.BodyPublishers.ofString("{\"application\": \"staging-eu-1\"}")));
    }

    @Test
    void servesUntilASignalEndsItAndLetsAPushComeToItsEnd() throws Exception {
        var serving = new CompletableFuture<Process>();
        git.beforeNextPush(() -> {
            String url = url();
            serving.join().destroy();
            await().atMost(LONG).until(() -> !isListening(url));
        });

        serving.complete(serve());

        assertThat(serving.join().waitFor()).as(output()).isZero();

        assertThat(GitCli.run(bare, "rev-parse", "auto")).isEqualTo(GitCli.run(bare, "rev-parse", "main"));
    }

    private boolean isListening(String url) throws IOException, InterruptedException {
        try {
            ask(HttpRequest.newBuilder(URI.create(url)));
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }

    @Test
    void answersHooksAndQuestions() throws Exception {
        serve();
        await().atMost(LONG).until(() -> state().statusCode() == 200);
        String pushed = commit("By hand");
        assertThat(hook("guessed").statusCode()).isEqualTo(403);
        assertThat(state().body()).doesNotContain(pushed);

        assertThat(hook("for-deployed").statusCode()).isEqualTo(202);

        await().atMost(LONG).untilAsserted(() -> assertThat(state().body()).contains(pushed));
        assertThat(output()).doesNotContain("for-deployed", "git-password");
        HttpResponse<String> state = state();
        HttpResponse<String> again = ask(HttpRequest.newBuilder(URI.create(url() + "/state/cfg-app"))
                .header("If-None-Match", state.headers().firstValue("ETag").orElseThrow()));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(ask(HttpRequest.newBuilder(URI.create(url()))).statusCode()).isEqualTo(404);
    }

    @Test
    void aKilledDeliveryGoesOnAndCommitsOnce() throws Exception {
        String deliver = """
            retry(3) {
                recordImage service: 'shop', image: 'docker.example.com/shop', tag: '1', \
                    digest: 'sha256:' + 'a' * 64, verify: false
                parallel deliver: {
                    def change = commitConfig wave: 'staging'
                    timeout(5) { echo "it was ${waitForCiAndMerge().outcome}, ${change.changed}" }
                }, beside: { echo 'beside' }
            }
            """;
        Process killed = run("app", deliver);
        await().atMost(LONG).until(() -> output().contains("which nobody has reported yet"));
        await().atMost(LONG).until(() -> Files.exists(folder.resolve("home/jobs/app/builds/1/program.dat")));
        killed.destroyForcibly().waitFor();
        String auto = GitCli.run(bare, "rev-parse", "auto").strip();
        String report = "reportCiStatus sha: '" + auto + "', context: 'ci/check', state: 'success'";
        assertThat(run("ci", report).waitFor()).as(output()).isZero();
        assertThat(GitCli.run(bare, "rev-parse", "main").strip()).isEqualTo(auto);

        assertThat(run("app", deliver, "--resume").waitFor()).as(output()).isZero();

        assertThat(output()).contains("it was merged, true").doesNotContain("beside");
        assertThat(GitCli.run(bare, "rev-list", "--count", "main").strip()).isEqualTo("2");
        assertThat(GitCli.run(bare, "rev-parse", "auto").strip()).isEqualTo(auto);
    }

    @Test
    void twoControllersPromoteOneWaveOnce() throws Exception {
        Path casc = folder.resolve("casc.yaml");
        Files.writeString(
                casc,
                Files.readString(casc)
                        .replace("[{name: staging}]", "[{name: staging}, {name: internal, promotesFrom: staging}]"));
        Path checkout = folder.resolve("checkout");
        GitCli.run(folder, "clone", "-q", bare.toString(), checkout.toString());
        Path staging = Files.createDirectories(checkout.resolve("images/staging"));
        Files.writeString(staging.resolve("tags.json"), "{\n  \"shop\": \"docker.example.com/shop:1\"\n}\n");
        Files.writeString(
                staging.resolve("digests.json"),
                "{\n  \"shop\": \"docker.example.com/shop@sha256:" + "a".repeat(64) + "\"\n}\n");
        GitCli.run(checkout, "add", "-A");
        GitCli.run(checkout, "commit", "-q", "-m", "Deliver by hand");
        GitCli.run(checkout, "push", "-q", "origin", "HEAD:refs/heads/main");
        Path jenkinsfile = Files.writeString(
                folder.resolve("promote.Jenkinsfile"), "promoteWave from: 'staging', to: 'internal', wait: true");

        Process here = promoteIn("here", jenkinsfile);
        Process there = promoteIn("there", jenkinsfile);

        assertThat(here.waitFor())
                .as(Files.readString(folder.resolve("here.log")))
                .isZero();
        assertThat(there.waitFor())
                .as(Files.readString(folder.resolve("there.log")))
                .isZero();
        assertThat(GitCli.run(bare, "log", "--format=%s", "main..auto").lines())
                .containsExactly("chore: promote staging to internal");
        assertThat(Files.readString(folder.resolve("here.log")) + Files.readString(folder.resolve("there.log")))
                .contains("Promoted what staging runs to internal", "brings what staging runs to internal already");
    }

    private Process promoteIn(String home, Path jenkinsfile) throws IOException {
        output = folder.resolve(home + ".log");
        return start(
                RunCommand.class,
                "--jenkinsfile",
                jenkinsfile.toString(),
                "--home",
                folder.resolve(home).toString(),
                "--job",
                "promote");
    }

    private Process run(String job, String jenkinsfile, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve(job + ".Jenkinsfile"), jenkinsfile);
        List<String> arguments =
                new ArrayList<>(List.of("--jenkinsfile", file.toString(), "--home", home(), "--job", job));
        arguments.addAll(Arrays.asList(more));
        return start(RunCommand.class, arguments.toArray(String[]::new));
    }

    @Test
    void aRewrittenMainIsAcceptedOnce() throws Exception {
        commit("One too many");
        assertThat(start(AcceptMainCommand.class, "--home", home()).waitFor()).isZero();
        assertThat(output()).contains("was not rewritten");
        GitCli.run(bare, "update-ref", "refs/heads/main", "main~1");

        assertThat(start(AcceptMainCommand.class, "--home", home()).waitFor()).isZero();
        assertThat(output()).isEqualTo("The branch main of cfg-app is accepted as it is now.\n");

        assertThat(GitCli.run(bare, "rev-parse", "auto")).isEqualTo(GitCli.run(bare, "rev-parse", "main"));
    }

    @Test
    void aFileOfTheStateThatCannotBeReadIsNamedAndRepaired() throws Exception {
        assertThat(start(RepairCommand.class, "--home", home()).waitFor()).isZero();
        assertThat(output()).isEqualTo("All of the state of cfg-app can be used; nothing is repaired.\n");
        String state = "refs/gitops-waves/main/state";
        commitState(state, "{\"hold\": {\"by\": \"Ada\", \"reason\": \"a freeze\"}}");
        commitState(state, "{garbage");
        assertThat(start(WhyCommand.class).waitFor()).isZero();
        assertThat(output()).contains("waves/staging.json in the state", "sandbox/gitops repair");

        assertThat(start(RepairCommand.class, "--home", home()).waitFor()).isZero();

        assertThat(output()).contains("is whole again", "waves/staging.json is not valid JSON");
        assertThat(GitCli.run(bare, "show", state + ":waves/staging.json")).contains("a freeze");
        assertThat(GitCli.run(bare, "show", state + "~1:waves/staging.json")).isEqualTo("{garbage");
        assertThat(GitCli.run(bare, "log", "-1", "--format=%B", state))
                .contains("waves/staging.json is not valid JSON", "By: ", "sandbox/gitops repair");
    }

    private void commitState(String ref, String wave) {
        String blob =
                GitCli.run(Map.of(), wave, bare, "hash-object", "-w", "--stdin").strip();
        String file = GitCli.run(Map.of(), "100644 blob " + blob + "\tstaging.json\n", bare, "mktree")
                .strip();
        String tree = GitCli.run(Map.of(), "040000 tree " + file + "\twaves\n", bare, "mktree")
                .strip();
        var commit = new ArrayList<>(List.of("commit-tree", tree, "-m", "By hand"));
        if (GitCli.succeeds(bare, "rev-parse", "--verify", "--quiet", ref)) {
            commit.addAll(List.of("-p", ref));
        }
        GitCli.run(
                bare,
                "update-ref",
                ref,
                GitCli.run(bare, commit.toArray(String[]::new)).strip());
    }

    @Test
    void saysWhyFromGitAlone() throws Exception {
        String refs = GitCli.run(bare, "for-each-ref");
        String main = GitCli.run(bare, "rev-parse", "main").strip();

        assertThat(start(WhyCommand.class).waitFor()).isZero();
        assertThat(output()).isEqualTo("""
            main of cfg-app is at %s.
            Nothing is queued for cfg-app.
            The wave staging has no images on main.
            The wave staging has no targets, so a set counts as deployed there as soon as main has it. \
            What runs is not known.
            """.formatted(main));
        assertThat(start(WhyCommand.class, "--home", home(), main.substring(0, 8))
                        .waitFor())
                .isZero();
        assertThat(output()).startsWith("Commit " + main + " \"Begin\" is on main of cfg-app.\n");
        assertThat(start(WhyCommand.class, "--home", home(), "nonsense").waitFor())
                .isEqualTo(1);
        assertThat(output()).contains("knows no change", "nonsense", "its waves are staging.");
        assertThat(GitCli.run(bare, "for-each-ref")).as("nothing is pushed").isEqualTo(refs);
    }

    @Test
    void aWaveWhoseServerIsNotConfiguredIsNamed() throws Exception {
        Path casc = folder.resolve("casc.yaml");
        Files.writeString(
                casc,
                Files.readString(casc)
                        .replace("[{name: staging}]", "[{name: staging, argoServer: mian, applications: [shop]}]"));

        assertThat(start(WhyCommand.class).waitFor()).isZero();

        assertThat(output())
                .startsWith("Repository cfg-app: the wave staging names the Argo CD server \"mian\", which is not"
                        + " configured; add it, or correct argoServer of the wave.\n");
    }

    @Test
    void wrongUsageAndTroubleAreExplained() throws Exception {
        assertThat(start(ServeCommand.class, "--home", home(), "--port", "many").waitFor())
                .isEqualTo(64);
        assertThat(output()).contains("--port takes a number", "sandbox/gitops serve --help");
        assertThat(start(WhyCommand.class, "--repo", "other").waitFor()).isEqualTo(64);
        assertThat(output()).contains("There is no config repository \"other\"; --repo takes one of: cfg-app.");
        git.close();
        assertThat(start(AcceptMainCommand.class, "--home", home()).waitFor()).isEqualTo(1);
        assertThat(output()).contains("cannot be reached").doesNotContain("\tat ");
    }

    @Test
    void aToolThatIsMissingIsNamed(@TempDir Path tools) throws Exception {
        link(tools, "dirname", "cat");
        assertThat(saidWith(tools)).isEqualTo("sandbox/gitops: git is missing; get it with: apt-get install git\n");
        link(tools, "git");
        assertThat(saidWith(tools))
                .isEqualTo("sandbox/gitops: Maven (mvn) is missing; get it with: apt-get install maven\n");
        Files.createSymbolicLink(tools.resolve("mvn"), Path.of("/bin/true"));
        assertThat(saidWith(tools))
                .isEqualTo("sandbox/gitops: A JDK (java and javac) is missing; get one with: apt-get install"
                        + " openjdk-17-jdk-headless\n");
    }

    private static void link(Path tools, String... names) throws IOException {
        for (String name : names) {
            Path found = Arrays.stream(System.getenv("PATH").split(":"))
                    .map(folder -> Path.of(folder, name))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            Files.createSymbolicLink(tools.resolve(name), found);
        }
    }

    /** What the script says where these tools are all there are. */
    private static String saidWith(Path tools) throws Exception {
        var script = new ProcessBuilder("/bin/sh", "../gitops", "why").redirectErrorStream(true);
        script.environment().put("PATH", tools.toString());
        Process process = script.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(1);
        return said;
    }
}
