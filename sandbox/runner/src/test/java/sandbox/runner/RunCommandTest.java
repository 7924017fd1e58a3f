package sandbox.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own, killed and resumed in another. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunCommandTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final CommandProcesses commands = new CommandProcesses();

    @TempDir
    Path folder;

    private Path go;
    private Path output;

    @BeforeEach
    void write() throws IOException {
        go = folder.resolve("go");
        output = folder.resolve("output");
        Files.writeString(folder.resolve("casc.yaml"), """
                credentials:
                  system:
                    domainCredentials:
                      - credentials:
                          - string: {scope: GLOBAL, id: token, secret: "${TOKEN:-hunter2}"}
                """);
    }

    private Process run(String jenkinsfile, String... more) throws IOException {
        Files.writeString(folder.resolve("Jenkinsfile"), jenkinsfile.replace("GO", go.toString()));
        List<String> arguments = new ArrayList<>(List.of(
                "--casc",
                folder.resolve("casc.yaml").toString(),
                "--jenkinsfile",
                folder.resolve("Jenkinsfile").toString(),
                "--home",
                folder.resolve("home").toString()));
        arguments.addAll(Arrays.asList(more));
        return commands.start(output, RunCommand.class, arguments);
    }

    private String output() {
        return CommandProcesses.text(output);
    }

    private void awaitOutput(String text) {
        CommandProcesses.awaitText(output, text);
    }

    private Path saved() {
        return folder.resolve("home/jobs/run/builds/1/program.dat");
    }

    @Test
    void aKilledBuildGoesOnInAnotherProcess() throws Exception {
        String jenkinsfile = """
                def waited(n) { return awaitFile(path: 'GO', answer: n) }
                node {
                    withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) {
                        try {
                            for (n in [20, 22]) {
                                parallel one: { timeout(5) { echo "one ${waited(n)}" } },
                                         two: { retry(2) { echo "two ${waited(n + 1)}" } }
                            }
                        } finally {
                            sh 'echo "cleaned up with $TOKEN"'
                        }
                    }
                }
                """;
        Process killed = run(jenkinsfile, "--param", "A=b");
        await().atMost(LONG).until(() -> output().split("Waiting for go", -1).length == 3);
        killed.destroyForcibly().waitFor();
        assertThat(output()).doesNotContain("one 20", "cleaned up");

        Files.createFile(go);
        int status = run(jenkinsfile, "--resume").waitFor();

        assertThat(output())
                .contains("Resuming build run#1", "Still waiting for go", "one 20", "two 21", "one 22", "two 23")
                .contains("cleaned up with ****", "Finished: SUCCESS")
                .doesNotContain("hunter2");
        assertThat(status).isZero();
        assertThat(run(jenkinsfile, "--resume").waitFor()).isEqualTo(64);
        assertThat(output()).contains("No build of the job run in ");
    }

    @Test
    void aBuildThatIsKilledAgainAndAgainDoesEverythingOnce() throws Exception {
        String jenkinsfile = """
                def note(line) { appendLine(file: 'GO-notes', line: "$line") }
                def attempt = 0
                def deliver = { part ->
                    retry(2) {
                        attempt++
                        note "$part attempt $attempt"
                        awaitFile "GO-$part$attempt"
                        if (attempt == 1) { error 'flaky' }
                    }
                }
                for (int i = 0; i < 2; i++) {
                    catchError(buildResult: 'UNSTABLE') {
                        timeout(5) {
                            parallel here: { deliver('x') }, there: { note "there $i" }
                        }
                        if (i == 1) { error 'broken' }
                    }
                }
                note "end $attempt"
                """;
        Process process = run(jenkinsfile);
        for (String file : List.of("x1", "x2", "x3")) {
            awaitOutput("aiting for go-" + file);
            process.destroyForcibly().waitFor();
            Files.createFile(folder.resolve("go-" + file));
            process = run(jenkinsfile, "--resume");
        }

        assertThat(process.waitFor()).as(output()).isEqualTo(2);
        assertThat(Files.readAllLines(folder.resolve("go-notes")))
                .containsExactly("x attempt 1", "there 0", "x attempt 2", "x attempt 3", "there 1", "end 3");
    }

    @Test
    void aScriptThatWasRunningFailsWhenTheBuildGoesOn() throws Exception {
        String jenkinsfile = "node { sh 'touch started; until test -e GO; do sleep 0.01; done' }";
        Process killed = run(jenkinsfile);
        await().atMost(LONG).until(() -> Files.exists(folder.resolve("home/workspace/run/started")));
        await().atMost(LONG).until(() -> Files.exists(saved()));
        killed.destroyForcibly().waitFor();
        Files.createFile(go);

        assertThat(run(jenkinsfile, "--resume").waitFor()).isEqualTo(1);

        assertThat(output()).contains("ERROR: A script was running when the build was killed");
    }

    @Test
    void aSignalAbortsTheBuild() throws Exception {
        Process process = run("try { awaitFile 'GO' } finally { echo 'cleaned up' }");
        awaitOutput("Waiting for go");

        process.destroy();

        assertThat(process.waitFor()).isEqualTo(3);
        assertThat(output())
                .contains("cleaned up", "Aborted by signal", "Finished: ABORTED")
                .doesNotContain("\tat ");
    }

    @Test
    void exitCodesTellTheResult() throws Exception {
        assertThat(run("echo 'fine'").waitFor()).isZero();
        assertThat(run("error 'broken'").waitFor()).isEqualTo(1);
        assertThat(run("currentBuild.result = 'UNSTABLE'").waitFor()).isEqualTo(2);
    }

    @Test
    void wrongUsageIsExplained() throws Exception {
        assertThat(run("echo 'x'", "--serve", "8080").waitFor()).isEqualTo(64);
        assertThat(run("echo 'x'", "--colour").waitFor()).isEqualTo(64);
        assertThat(run("echo 'x'", "--param", "x").waitFor()).isEqualTo(64);
        assertThat(run("echo 'x'", "--job", "../x").waitFor()).isEqualTo(64);

        assertThat(output())
                .contains("run does not know --serve; it takes --casc", "run does not know --colour; it takes --casc")
                .contains("--param takes NAME=VALUE")
                .contains("--job takes names", "sandbox/gitops run --help");
    }

    @Test
    void helpNamesEveryOption() throws IOException {
        String help = Files.readString(Path.of(System.getProperty("user.dir")).resolve("../help/run.txt"));

        assertThat(RunOptions.KNOWN).allSatisfy(option -> assertThat(help).contains("  " + option));
    }
}
