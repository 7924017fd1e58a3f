package sandbox.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.world.GitCli;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sandbox.casc.CascException;
import sandbox.casc.CascReader;

/**
 * What is said to mistakes: {@code messages.txt} has the input, and below it the sentence, which names the thing and the
 * remedy. With {@code -Dmessages.print=true} the sentences that are said are printed in the form of that file.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessagesTest {
    private static final boolean PRINT = Boolean.getBoolean("messages.print");

    /** The fields of the config repository, each of which a row may replace. */
    private static final Map<String, String> REPOSITORY = Map.of(
            "name", "cfg-app",
            "url", "\"file://%s\"",
            "allowInsecure", "true",
            "allJobs", "true",
            "mainBranch", "main",
            "pollInterval", "1s",
            "checks", "[{reported: {}}]",
            "requiredChecks", "[ci/check]",
            "waves",
                    "[{name: staging}, {name: internal, promotesFrom: staging},"
                            + " {name: production, promotesFrom: internal}]");

    private static final String IMAGES =
            "[shop: [Tag: 'docker.example.com/shop:1'," + " Digest: 'docker.example.com/shop@sha256:' + 'a' * 64]]";

    @TempDir
    static Path folder;

    private static Path bare;
    private static Sandbox sandbox;

    /** A mistake, and what is said to it. */
    record Row(String kind, String input, String sentence) {
        @Override
        public String toString() {
            return kind + ": " + input;
        }
    }

    static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        String kind = "";
        StringBuilder input = new StringBuilder();
        try (var in = MessagesTest.class.getResourceAsStream("messages.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (line.startsWith("== ")) {
                    kind = line.substring(3);
                } else if (line.startsWith("> ")) {
                    input.append(input.isEmpty() ? "" : "\n").append(line.substring(2));
                } else if (!line.isBlank() && !line.startsWith("#") && !kind.isEmpty()) {
                    rows.add(new Row(kind, input.toString(), line));
                    input.setLength(0);
                }
            }
        }
        return rows;
    }

    @BeforeAll
    static void begin() throws IOException {
        bare = folder.resolve("cfg-app.git");
        GitCli.run(folder, "init", "-q", "--bare", "--initial-branch=main", bare.toString());
        GitCli.beginBranch(bare, "main");
        Files.writeString(folder.resolve("casc.yaml"), configuration(""));
        Files.writeString(folder.resolve("broken.yaml"), "unclassified: [");
        Files.writeString(folder.resolve("Jenkinsfile"), "echo 'hello'\n");
        sandbox = Sandbox.open(folder.resolve("home"), configuration(""), Map.of());
    }

    @AfterAll
    static void end() {
        if (sandbox != null) {
            sandbox.close();
            sandbox = null;
        }
    }

    /** A configuration with these fields of the repository in place of its own. */
    private static String configuration(String fields) {
        Map<String, String> all = new LinkedHashMap<>(REPOSITORY);
        for (String field : fields.isEmpty() ? new String[0] : fields.split("\n")) {
            int colon = field.indexOf(':');
            all.put(field.substring(0, colon), field.substring(colon + 1).strip());
        }
        String repository = all.entrySet().stream()
                .filter(each -> !each.getValue().equals("~"))
                .map(each -> "        " + each.getKey() + ": " + each.getValue().replace("%s", bare.toString()))
                .sorted()
                .collect(Collectors.joining("\n"));
        return "unclassified:\n  gitopsWaves:\n    registries: [{url: \"https://docker.example.com\", verify: false}]\n"
                + "    argoServers: [{name: main, url: \"https://argocd.example.com\"}]\n    repositories:\n      -\n"
                + repository + "\n";
    }

    @ParameterizedTest
    @MethodSource("rows")
    void namesTheThingAndTheRemedy(Row row) throws Exception {
        String said = said(row)
                .replace(folder.toRealPath().toString(), "DIR")
                .replace(folder.toString(), "DIR")
                .replaceAll("since it is \\S+Z", "since it is NOW")
                .strip()
                .replace("\n", " ¶ ");
        if (PRINT) {
            System.out.println(
                    "@@ " + row.input().lines().map(line -> "> " + line).collect(Collectors.joining("\n@@ ")) + "\n@@ "
                            + said);
            return;
        }
        assertThat(said)
                .matches(Arrays.stream(row.sentence().split("\\[\\.\\.\\.]", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")));
    }

    private static String said(Row row) throws Exception {
        return switch (row.kind()) {
            case "step" -> step(row.input());
            case "repository" -> configured(configuration(row.input()));
            case "file" -> configured(row.input());
            case "command" -> command(row.input());
            default -> throw new IllegalArgumentException(row.kind());
        };
    }

    /** The failure of a Jenkinsfile. */
    private static String step(String jenkinsfile) {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        BuildResult result = sandbox.build(
                new BuildRequest("acme/app", jenkinsfile.replace("IMAGES", IMAGES), null, Map.of(), Map.of()), log);
        return result.failure() == null ? remark(log.toString(StandardCharsets.UTF_8)) : result.failure();
    }

    /** What the log of a build says that succeeds all the same. */
    private static String remark(String log) {
        return log.lines()
                .filter(line -> line.startsWith("Warning: ") || line.startsWith("Nobody "))
                .findFirst()
                .orElse("NOT REFUSED " + log);
    }

    /** The refusal of a configuration; the one of the sandbox is read again afterwards. */
    private static String configured(String yaml) {
        try {
            new CascReader(Map.of("HOME", "/home/ada")).apply(yaml);
            return "NOT REFUSED";
        } catch (CascException e) {
            return e.getMessage();
        } finally {
            new CascReader(Map.of()).apply(configuration(""));
        }
    }

    /** What a command writes to standard error. Commands open the home themselves, so that ours is closed first. */
    private static String command(String line) throws Exception {
        end();
        String[] words = line.replace("DIR", folder.toString()).split(" ");
        String[] arguments = Arrays.copyOfRange(words, 1, words.length);
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(busy.getLocalPort());
            Arrays.setAll(arguments, i -> arguments[i].equals("BUSY") ? port : arguments[i]);
            System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
            int status =
                    switch (words[0]) {
                        case "run" -> RunCommand.run(arguments);
                        case "serve" -> ServeCommand.run(arguments);
                        case "why" -> WhyCommand.run(arguments);
                        case "accept-main" -> AcceptMainCommand.run(arguments);
                        default -> RepairCommand.run(arguments);
                    };
            return said.toString(StandardCharsets.UTF_8)
                            .replace(port, "PORT")
                            .replace("sandbox/gitops " + words[0] + " --help says what it takes.\n", "")
                    + (status == 0 ? "NOT REFUSED" : "");
        } finally {
            System.setErr(before);
        }
    }
}
