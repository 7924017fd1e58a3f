package io.jenkins.plugins.gitops.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Node;
import hudson.model.Result;
import hudson.slaves.DumbSlave;
import hudson.slaves.JNLPLauncher;
import hudson.slaves.RetentionStrategy;
import hudson.slaves.SlaveComputer;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.tools.ToolProvider;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * An agent that is no honest one: a process of its own, whose classes of the same names as those that the controller
 * sends answer what they like. It lies about paths, kinds, sizes and contents, and does not answer at all.
 */
@WithJenkins
class HostileAgentITest extends DeliveryITestBase {

    private static final String ROOM = "io.jenkins.plugins.gitops.steps.base.";

    /** What answers in place of the code that the controller has sent; the lie is in a file. */
    private static final String LIAR = """
        package io.jenkins.plugins.gitops.steps.base;

        import io.jenkins.plugins.gitops.worktree.BodyChanges;
        import io.jenkins.plugins.gitops.worktree.FileEntry;
        import java.lang.reflect.Constructor;
        import java.nio.file.Files;
        import java.nio.file.Path;
        import java.util.TreeMap;
        import java.util.TreeSet;

        final class %1$s extends jenkins.MasterToSlaveFileCallable<Object> {
            private static final long serialVersionUID = 1L;

            public Object invoke(java.io.File folder, hudson.remoting.VirtualChannel channel)
                    throws java.io.IOException, InterruptedException {
                String lie = Files.readString(Path.of(System.getenv("LIE")));
                if (lie.equals("silence")) {
                    while (true) {
                        try {
                            Thread.sleep(1000);
                        } catch (InterruptedException e) {
                            // An agent that lies takes no notice.
                        }
                    }
                }
                try {
                    return %2$s;
                } catch (Exception e) {
                    throw new java.io.IOException(e);
                }
            }

            private static Object made(String type, Object... values) throws ReflectiveOperationException {
                Constructor<?> constructor = Class.forName("io.jenkins.plugins.gitops.steps.base." + type)
                        .getDeclaredConstructors()[0];
                constructor.setAccessible(true);
                return constructor.newInstance(values);
            }

            private static byte[] content(String lie) {
                return lie.equals("large") ? new byte[60 << 20] : "a lie\\n".getBytes();
            }

            private static TreeMap<String, BodyChanges.File> files(String lie) {
                var files = new TreeMap<String, BodyChanges.File>();
                var kind = lie.startsWith("link ") ? FileEntry.Kind.LINK : FileEntry.Kind.REGULAR;
                files.put(path(lie), new BodyChanges.File(
                        kind, lie.startsWith("link ") ? lie.substring(5).getBytes() : content(lie)));
                return files;
            }

            private static TreeMap<String, FileEntry> entries(String lie) {
                var entries = new TreeMap<String, FileEntry>();
                FileEntry honest = FileEntry.of(
                        lie.startsWith("link ") ? FileEntry.Kind.LINK : FileEntry.Kind.REGULAR,
                        files(lie).firstEntry().getValue().content());
                entries.put(path(lie), switch (lie) {
                    case "small" -> new FileEntry(honest.kind(), honest.id(), 1);
                    case "negative" -> new FileEntry(honest.kind(), honest.id(), Long.MIN_VALUE);
                    case "huge" -> new FileEntry(honest.kind(), honest.id(), Long.MAX_VALUE);
                    case "other" -> new FileEntry(honest.kind(), "0".repeat(40), honest.size());
                    case "nothing" -> new FileEntry(null, null, honest.size());
                    default -> honest;
                });
                return entries;
            }

            private static String path(String lie) {
                return lie.startsWith("path ") ? lie.substring(5) : "generated/lie";
            }
        }
        """;

    private Path lie;
    private Process liar;

    @BeforeEach
    void startLiar() throws Exception {
        lie = Files.writeString(folder.resolve("lie"), "");
        RepositoryDefinition repository = delivery.definition();
        repository.setGeneratedPaths(List.of("**"));
        GitOpsWavesConfiguration.get().setRepositories(List.of(repository));
        Path classes = compile(Map.of(
                "BodyFolder$ListDifferences",
                "made(\"BodyFolder$FolderDifferences\", entries(lie), new TreeSet<String>(), new TreeSet<String>())",
                "BodyFolder$ReadFiles",
                "files(lie)",
                "WorkspaceFile$ReadRegularFile",
                "made(\"WorkspaceFile$ReadRegularFile$Found\", Class.forName(\"" + ROOM
                        + "WorkspaceFile$ReadRegularFile$Kind\").getEnumConstants()[1], content(lie))"));
        var agent = new DumbSlave("liar", folder.resolve("agent").toString(), new JNLPLauncher());
        agent.setLabelString("liar");
        agent.setNumExecutors(10);
        agent.setMode(Node.Mode.EXCLUSIVE);
        agent.setRetentionStrategy(RetentionStrategy.NOOP);
        jenkins.jenkins.addNode(agent);
        var command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx256m",
                        "hudson.remoting.Launcher",
                        "-url",
                        jenkins.getURL().toString(),
                        "-secret",
                        ((SlaveComputer) agent.toComputer()).getJnlpMac(),
                        "-name",
                        "liar")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("liar.log").toFile());
        command.environment().put("CLASSPATH", classes + ":" + System.getProperty("java.class.path"));
        command.environment().put("LIE", lie.toString());
        liar = command.start();
        jenkins.waitOnline(agent);
    }

    @AfterEach
    void stopLiar() {
        if (liar != null) {
            liar.destroyForcibly();
        }
    }

    private int queued() {
        return GitCli.run(delivery.bare(), "for-each-ref", "refs/heads/auto").isEmpty()
                ? 0
                : Integer.parseInt(GitCli.run(delivery.bare(), "rev-list", "--count", "master..auto")
                        .strip());
    }

    private Path compile(Map<String, String> answers) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("liar"));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        for (Map.Entry<String, String> answer : answers.entrySet()) {
            Path source = Files.writeString(
                    sources.resolve(answer.getKey() + ".java"), LIAR.formatted(answer.getKey(), answer.getValue()));
            // Each alone, and without looking at the class whose part it claims to be.
            int result = ToolProvider.getSystemJavaCompiler()
                    .run(
                            null,
                            null,
                            null,
                            "-proc:none",
                            "-nowarn",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "-d",
                            classes.toString(),
                            source.toString());
            assertThat(result).as(answer.getKey()).isZero();
        }
        return classes;
    }

    private WorkflowJob body(String name) throws Exception {
        return DeliveryFixture.job(
                jenkins,
                name,
                "node('liar') { commitConfig(wave: 'staging', images: [Service1: [Tag: 'docker.example.com/service1:1',"
                        + " Digest: 'docker.example.com/service1@" + DeliveryFixture.DIGEST + "']]) { echo 'made' } }");
    }

    @Test
    void whatItSaysOfPathsLinksSizesAndContentsIsNotBelieved() throws Exception {
        WorkflowJob job = body("app");
        for (String told : List.of(
                "path ../../outside",
                "path /etc/passwd",
                "path .git/hooks/post-receive",
                "path C:/Users/x.bat",
                "path generated/../../x",
                "path images/production/images.json/x",
                "path con",
                "path a\u0000b",
                "link ../../../etc/passwd",
                "link .git/config",
                "link C:/Users",
                "small",
                "negative",
                "huge",
                "other",
                "nothing",
                "large")) {
            Files.writeString(lie, told);

            WorkflowRun run = jenkins.assertBuildStatus(Result.FAILURE, job.scheduleBuild2(0));

            assertThat(JenkinsRule.getLog(run)).as(told).containsAnyOf("cannot be committed", "larger than", "MiB");
            assertThat(queued()).as(told).isZero();
        }
        Files.writeString(lie, "the truth");
        jenkins.buildAndAssertSuccess(body("honest"));
        assertThat(delivery.show("auto", "generated/lie")).isEqualTo("a lie\n");
    }

    @Test
    void aDescriptionThatIsLargerThanAllowedAndAPipeAreNotRead() throws Exception {
        String record = "node('liar') { sh 'rm -f m; mkfifo m'; recordImage(service: 'shop', image: 'a.example.com/b',"
                + " tag: '1', metadataFile: 'm', verify: false) }";
        Files.writeString(lie, "large");
        WorkflowRun large = jenkins.buildAndAssertStatus(Result.FAILURE, DeliveryFixture.job(jenkins, "large", record));
        jenkins.assertLogContains("m has over 1 MiB", large);

        jenkins.createOnlineSlave(hudson.model.Label.get("honest"));
        WorkflowRun pipe = jenkins.buildAndAssertStatus(
                Result.FAILURE, DeliveryFixture.job(jenkins, "pipe", record.replace("'liar'", "'honest'")));
        jenkins.assertLogContains("m is not a regular file", pipe);
    }

    @Test
    void oneThatNeverAnswersKeepsNobodyFromDelivering() throws Exception {
        Files.writeString(lie, "silence");
        WorkflowRun stuck = body("stuck").scheduleBuild2(0).waitForStart();
        String branches = IntStream.range(0, 8)
                .mapToObj(n -> "b" + n + ": { node('liar') { recordImage(service: 's" + n
                        + "', image: 'a.example.com/b', tag: '1', metadataFile: 'm', verify: false) } }")
                .collect(Collectors.joining(", "));
        WorkflowJob recording = DeliveryFixture.job(jenkins, "recording", "parallel(" + branches + ")");
        WorkflowRun reading = recording.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("made", stuck);
        jenkins.waitForMessage("recordImage", reading);

        WorkflowRun other = jenkins.buildAndAssertSuccess(DeliveryFixture.job(
                jenkins,
                "other",
                "commitConfig(wave: 'staging', images: [Service2: [Tag: 'docker.example.com/service2:1', Digest:"
                        + " 'docker.example.com/service2@" + DeliveryFixture.DIGEST + "']])"));
        assertThat(other.isBuilding()).isFalse();
        assertThat(queued()).isOne();
        assertThat(stuck.isBuilding()).isTrue();

        Instant before = Instant.now();
        stuck.doStop();
        reading.doStop();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(stuck));
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(reading));
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofMinutes(2));
    }
}
