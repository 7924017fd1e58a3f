package sandbox.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sandbox.runner.RunCommand;
import sandbox.runner.WhyCommand;

/** Runs every command of the tutorial's first part as it stands in the text, one after the other. */
class DocsTutorialTest {

    private static final Path TUTORIAL = MarkdownPage.PROJECT.resolve("docs/tutorial.md");
    private static final String END = "## On a Jenkins";

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void everyCommandWorksAsItStands() throws Exception {
        MarkdownPage whole = MarkdownPage.read(TUTORIAL);
        MarkdownPage first = new MarkdownPage(
                TUTORIAL, whole.lines().subList(0, whole.lines().indexOf(END)));
        List<MarkdownPage.Block> blocks = first.blocks();
        assertThat(blocks)
                .hasSizeGreaterThan(6)
                .allMatch(block -> block.language().equals("sh"));
        String commands = blocks.stream().map(MarkdownPage.Block::text).collect(Collectors.joining("\n"));
        Path output = folder.resolve("output");

        ProcessBuilder shell = new ProcessBuilder("sh", "-e", "-c", commands)
                .directory(clonedParts().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        shell.environment()
                .put("TMPDIR", Files.createDirectory(folder.resolve("tmp")).toString());
        for (String who : List.of("AUTHOR", "COMMITTER")) {
            shell.environment().put("GIT_" + who + "_NAME", "Ada");
            shell.environment().put("GIT_" + who + "_EMAIL", "ada@example.com");
        }
        Process process = shell.start();
        try {
            int exit = process.waitFor();
            assertThat(exit).as(Files.readString(output)).isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertThat(output)
                .content()
                .contains(
                        "Waiting for ci/check, which nobody has reported yet.",
                        "Autocommit-Operation: promote",
                        "The check is red, as it should be.",
                        "The build failed, as it should.",
                        "The service 'gift' of the wave 'staging' has no manifest",
                        " evicted chore: update app to ");
    }

    /** The parts of a clone that the commands name; its one command runs the classes under test. */
    private Path clonedParts() throws IOException {
        Path clone = Files.createDirectories(folder.resolve("clone/sandbox")).getParent();
        Files.createSymbolicLink(clone.resolve("docs"), MarkdownPage.PROJECT.resolve("docs"));
        String opens = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .collect(Collectors.joining(" "));
        Path gitops = Files.writeString(clone.resolve("sandbox/gitops"), """
                #!/bin/sh
                command=$1
                shift
                case $command in
                    run) program=%s ;;
                    why) program=%s ;;
                esac
                exec '%s' %s -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' "$program" "$@"
                """.formatted(
                        RunCommand.class.getName(),
                        WhyCommand.class.getName(),
                        ProcessHandle.current().info().command().orElseThrow(),
                        opens,
                        System.getProperty("java.class.path")));
        Files.setPosixFilePermissions(gitops, PosixFilePermissions.fromString("rwx------"));
        return clone;
    }
}
