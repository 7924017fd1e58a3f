package sandbox.bench;

import io.jenkins.plugins.gitops.world.GitCli;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Runs shell scripts of git commands. A whole script runs in one process that Java starts, so that this cost is not
 * measured for each git command.
 */
final class GitShell {

    private GitShell() {}

    /**
     * Runs a script until its first failing command.
     *
     * @param variables environment variables in addition to {@link GitCli#environment()}
     */
    static void run(Path directory, Map<String, String> variables, String script) throws IOException {
        var builder = new ProcessBuilder("sh", "-ec", script)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(GitCli.environment());
        builder.environment().putAll(variables);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException("This script failed in " + directory + ":\n" + script + "\nIt said:\n" + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while a script ran in " + directory + ".", e);
        } finally {
            process.destroy();
        }
    }
}
