package sandbox.runner;

import io.jenkins.plugins.gitops.gates.VerificationRunner;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command {@code sandbox/gitops serve}: runs the drivers, the endpoints and the page until a signal ends it. */
public final class ServeCommand {
    private static final int MAX_PORT = 65535;

    private ServeCommand() {}

    public static void main(String[] arguments) throws InterruptedException {
        int status = run(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    static int run(String... arguments) throws InterruptedException {
        return CommandLine.run("serve", () -> {
            CommandLine line = new CommandLine(
                    "serve",
                    List.of(
                            "--casc",
                            "--home",
                            "--port",
                            "--listen",
                            "--job",
                            "--jenkinsfile",
                            "--generator",
                            "--generator-jenkinsfile",
                            "--verification",
                            "--verification-jenkinsfile"),
                    0,
                    arguments);
            String casc = Files.readString(line.casc());
            line.needed("--home", "DIR");
            int port = port(line.needed("--port", "N"));
            Path home = line.home();
            Optional<BuildRequest> job = job(line, "--job", "--jenkinsfile", "the job that announced images start");
            Optional<BuildRequest> generator =
                    job(line, "--generator", "--generator-jenkinsfile", CommandLine.GENERATES);
            Optional<BuildRequest> verification =
                    job(line, "--verification", "--verification-jenkinsfile", "the job that verifies what waves run");
            SandboxLog.into(home);
            serve(
                    casc,
                    home,
                    line.option("--listen").orElse("127.0.0.1"),
                    port,
                    new Jobs(job, generator, verification));
            return 0;
        });
    }

    /** The jobs that the sandbox has. */
    private record Jobs(
            Optional<BuildRequest> announced, Optional<BuildRequest> generator, Optional<BuildRequest> verification) {}

    /** A job by its name and its Jenkinsfile, which two options give. */
    private static Optional<BuildRequest> job(CommandLine line, String nameOption, String fileOption, String what)
            throws UsageException, IOException {
        Optional<String> name = line.option(nameOption);
        if (name.isEmpty() != line.option(fileOption).isEmpty()) {
            throw CommandLine.together(nameOption, fileOption, what);
        }
        if (name.isEmpty()) {
            return Optional.empty();
        }
        String jenkinsfile = Files.readString(line.readable(fileOption));
        return Optional.of(new BuildRequest(RunOptions.jobName(name.get()), jenkinsfile, null, Map.of(), Map.of()));
    }

    private static int port(String text) throws UsageException {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > MAX_PORT) {
            throw new UsageException(
                    "--port takes a number up to " + MAX_PORT + ", 0 for any that is free, not '" + text + "'.");
        }
        return Integer.parseInt(text);
    }

    private static void serve(String casc, Path home, String host, int port, Jobs jobs) throws IOException {
        WebServer server = WebServer.on(host, port);
        Sandbox sandbox = Sandbox.open(home, casc, System.getenv());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            // Waits for a push in progress.
            sandbox.close();
            // Sets the exit code; without this it would be that of the signal.
            Runtime.getRuntime().halt(0);
        }));
        if (jobs.generator().isPresent()) {
            BuildRequest generating = jobs.generator().get();
            DriverRegistry.get()
                    .setGenerators(GeneratorJob.in(sandbox, generating.job(), generating.jenkinsfile(), System.out));
        }
        if (jobs.verification().isPresent()) {
            BuildRequest verifying = jobs.verification().get();
            VerificationRunner.get()
                    .setStarter(VerificationJob.in(sandbox, verifying.job(), verifying.jenkinsfile(), System.out));
        }
        start(server, sandbox, jobs.announced());
        System.out.println("Serving " + server.url() + "; SIGTERM ends it.");
        System.out.println("The page is " + server.pageUrl() + ".");
    }

    /**
     * Starts to answer requests for a sandbox.
     *
     * @param job the job that announced images start, and that promotes to waves that name it as their promotionJob
     */
    public static void start(WebServer server, Sandbox sandbox, Optional<BuildRequest> job) throws IOException {
        if (job.isPresent()) {
            server.start(AnnouncedJob.in(sandbox, job.get()), PageShell.of(new PromotionJob(sandbox, job.get())));
        } else {
            server.start(AnnouncedJob.NONE, PageShell.of(PromotionJob.NONE));
        }
    }
}
