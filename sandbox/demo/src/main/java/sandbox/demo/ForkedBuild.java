package sandbox.demo;

import io.jenkins.plugins.gitops.world.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sandbox.runner.RunCommand;

/** A build in a separate process, as {@code sandbox/gitops run} starts it: a second Jenkins with its own home. */
final class ForkedBuild implements AutoCloseable {

    private final ChangeSignal news;
    private final Path casc;
    private final Path jenkinsfile;
    private final Path home;
    private final String job;
    private final Map<String, String> configuration;
    private final BuildOutput output;
    private Process process;

    /**
     * Prepares the build and starts no process.
     *
     * @param configuration the environment variables that the configuration refers to
     */
    ForkedBuild(
            ChangeSignal news, Path casc, Path jenkinsfile, Path home, String job, Map<String, String> configuration) {
        this.news = news;
        this.casc = casc;
        this.jenkinsfile = jenkinsfile;
        this.home = home;
        this.job = job;
        this.configuration = configuration;
        this.output = new BuildOutput(news);
    }

    void start(Map<String, String> parameters) {
        List<String> arguments = new ArrayList<>();
        parameters.forEach((name, value) -> arguments.addAll(List.of("--param", name + "=" + value)));
        run(arguments);
    }

    /** Starts the build as a person. */
    void startAs(String person) {
        run(List.of("--user", person));
    }

    /** Resumes the build after it was killed. */
    void resume() {
        run(List.of("--resume"));
    }

    private void run(List<String> more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--casc",
                casc.toString(),
                "--jenkinsfile",
                jenkinsfile.toString(),
                "--home",
                home.toString(),
                "--job",
                job));
        arguments.addAll(more);
        ProcessBuilder builder = JavaProcess.of(RunCommand.class, arguments);
        builder.environment().putAll(configuration);
        try {
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException("A second Java process cannot be started.", e);
        }
        Thread reader = new Thread(() -> read(process), "apart");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Process from) {
        try {
            from.getInputStream().transferTo(output);
        } catch (IOException e) {
            news.tell(new UnexpectedState(
                    "The output of the process " + from.pid() + " cannot be read: " + e.getMessage()));
        }
        from.onExit().thenRun(news::tell);
    }

    long pid() {
        return process.pid();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** The output of the build since its first start. */
    String log() {
        return output.text();
    }

    /** Kills the process with SIGKILL and returns its exit code. */
    int kill() {
        process.destroyForcibly();
        return exitCode();
    }

    /** Waits for the end of the process and returns its exit code. */
    int exitCode() {
        news.await("the process " + process.pid() + " has ended", () -> !process.isAlive());
        return process.exitValue();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
