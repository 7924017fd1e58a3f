package sandbox.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.world.GitCli;
import io.jenkins.plugins.gitops.world.GitHttpServer;
import io.jenkins.plugins.gitops.world.MarkedSecrets;
import io.jenkins.plugins.gitops.world.RepeatingServer;
import java.io.IOException;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every secret is marked, everything that can fail does, and the other side says again whatever it was sent: nothing of
 * it may be found in what a build or a server of endpoints prints and keeps.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SecretsTest {

    private static final Duration LONG = Duration.ofSeconds(90);

    @RegisterExtension
    final CommandProcesses commands = new CommandProcesses();

    @TempDir
    Path folder;

    private final MarkedSecrets marked = new MarkedSecrets();
    private GitHttpServer git;
    private RepeatingServer echo;
    private Path output;

    @BeforeEach
    void begin() throws IOException {
        git = GitHttpServer.start(folder, "bot", marked.secret("git"));
        Path bare = git.create("cfg-app.git", "main");
        GitCli.beginBranch(bare, "main");
        echo = RepeatingServer.start(marked);
        output = folder.resolve("output");
        Files.writeString(folder.resolve("casc.yaml"), """
                credentials:
                  system:
                    domainCredentials:
                      - credentials:
                          - usernamePassword: {scope: GLOBAL, id: git, username: bot, password: "<git>"}
                          - usernamePassword: {scope: GLOBAL, id: registry, username: bot, password: "<registry>"}
                          - string: {scope: GLOBAL, id: forge, secret: "<forge>"}
                          - string: {scope: GLOBAL, id: argo, secret: "<argo>"}
                          - string: {scope: GLOBAL, id: images, secret: "<images>"}
                          - string: {scope: GLOBAL, id: deployed, secret: "<deployed>"}
                          - string: {scope: GLOBAL, id: hooks, secret: "<hooks>"}
                          - string: {scope: GLOBAL, id: reporters, secret: "<reporters>"}
                unclassified:
                  gitopsWaves:
                    repositories:
                      - name: cfg-app
                        url: GIT
                        allowInsecure: true
                        allJobs: true
                        credentialsId: git
                        mainBranch: main
                        pollInterval: 1s
                        imagesSecretId: images
                        deployedSecretId: deployed
                        forgeSecretId: hooks
                        reportersSecretId: reporters
                        checks:
                          - github: {apiUrl: "ECHO", repository: acme/cfg-app, credentialsId: forge, allowInsecure: \
                          true}
                        requiredChecks: [{name: schema, source: github}]
                        waves: [{name: staging, argoServer: main, applications: ["staging-*"]}]
                    argoServers:
                      - {name: main, url: "ECHO", credentialsId: argo, allowInsecure: true}
                    registries:
                      - {url: "ECHO", allowInsecure: true}
                """.replace("GIT", git.url("cfg-app.git"))
                .replace("ECHO", "http://" + echo.address())
                .transform(this::withSecrets));
    }

    private String withSecrets(String yaml) {
        String text = yaml;
        for (String purpose : List.of("git", "registry", "forge", "argo", "images", "deployed", "hooks", "reporters")) {
            text = text.replace("<" + purpose + ">", marked.secret(purpose));
        }
        return text;
    }

    @AfterEach
    void end() {
        git.close();
        echo.close();
    }

    private Process start(Class<?> program, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--casc", folder.resolve("casc.yaml").toString(),
                "--home", folder.resolve("home").toString()));
        arguments.addAll(Arrays.asList(more));
        return commands.start(output, program, arguments);
    }

    private void awaitOutput(String text) {
        CommandProcesses.awaitText(output, text);
    }

    private void assertNothingIsGivenAway() throws IOException {
        assertThat(marked.in(Files.readString(output))).isEmpty();
        assertThat(marked.inFiles(folder.resolve("home"))).isEmpty();
        assertThat(marked.inFiles(git.repository("cfg-app.git"))).isEmpty();
    }

    @Test
    void aBuildGivesNothingAway() throws Exception {
        Path jenkinsfile = Files.writeString(folder.resolve("Jenkinsfile"), """
                node {
                    catchError {
                        recordImage service: 'api', image: 'REGISTRY/shop/api', tag: '1', credentialsId: 'registry'
                    }
                    recordImage service: 'api', image: 'docker.example.com/api', tag: '1', digest: 'sha256:DIGEST', verify: false
                    commitConfig wave: 'staging'
                    catchError {
                        timeout(time: 5, unit: 'SECONDS') { awaitArgoSync wave: 'staging' }
                    }
                    catchError {
                        timeout(time: 5, unit: 'SECONDS') { waitForCiAndMerge() }
                    }
                    echo 'The git server refuses from here on.'
                    waitForCiAndMerge()
                }
                """.replace("REGISTRY", echo.address())
                .replace("DIGEST", "6a".repeat(32)));
        Process build = start(RunCommand.class, "--jenkinsfile", jenkinsfile.toString(), "--job", "app");
        awaitOutput("The git server refuses from here on.");
        git.refuseAuthentication(true);
        awaitOutput("refused access");
        assertThat(marked.in(threads(build))).as("names of threads").isEmpty();
        build.destroyForcibly().waitFor();

        assertNothingIsGivenAway();
        assertThat(log()).as("failures at all levels").contains("FINE: The driver of cfg-app failed a round");
        assertThat(folder.resolve("home/jobs/app/builds/1/program.dat")).exists();
        assertThat(echo.sent()).as("what was sent, and is not told").contains("registry", "forge", "argo");
    }

    private static String threads(Process process) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(process.pid()),
                        "Thread.print")
                .redirectErrorStream(true)
                .start();
        String threads = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor()).as(threads).isZero();
        return threads;
    }

    @Test
    void theEndpointsGiveNothingAway() throws Exception {
        start(ServeCommand.class, "--port", "0");
        String url = CommandProcesses.servedUrl(output);
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest question =
                HttpRequest.newBuilder(URI.create(url + "/state/cfg-app")).build();
        await().atMost(LONG)
                .until(() -> client.send(question, HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200);

        for (String path : List.of("images/cfg-app", "deployed/cfg-app/staging", "status/cfg-app", "images/other")) {
            // Each secret is the wrong one for most of them, and none comes with a body that is any good.
            for (String purpose : List.of("images", "deployed", "hooks", "reporters")) {
                String secret = marked.secret(purpose);
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(URI.create(url + "/" + path))
                                .header("Authorization", "Bearer " + secret)
                                .header("X-GitHub-Event", secret)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"sha\": \"" + secret + "\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).isIn(202, 400, 401, 403, 404);
                assertThat(marked.in(answer.body() + answer.headers())).isEmpty();
            }
        }
        assertThat(marked.in(body(client, question))).isEmpty();
        assertNothingIsGivenAway();
    }

    @Test
    void theStateAndTheLogOfARepositoryThatCannotBeReadGiveNothingAway() throws Exception {
        start(ServeCommand.class, "--port", "0");
        String url = CommandProcesses.servedUrl(output);
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest question =
                HttpRequest.newBuilder(URI.create(url + "/state/cfg-app")).build();
        await().atMost(LONG).until(() -> body(client, question).contains("\"waves\""));

        git.refuseAuthentication(true);
        await().atMost(LONG).until(() -> body(client, question).contains("refused access"));

        assertThat(marked.in(body(client, question))).isEmpty();
        assertThat(marked.in(log())).isEmpty();
        assertThat(log()).contains("FINE: The driver of cfg-app failed a round");
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("home/sandbox.log"));
    }

    private static String body(HttpClient client, HttpRequest question) throws IOException, InterruptedException {
        return client.send(question, HttpResponse.BodyHandlers.ofString()).body();
    }
}
