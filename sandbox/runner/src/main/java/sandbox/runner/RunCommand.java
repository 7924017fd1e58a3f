package sandbox.runner;

import hudson.model.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sandbox.casc.CascException;

/** The command {@code sandbox/gitops run}. */
public final class RunCommand {
    private static final int ABORTED = 3;
    private static final int WRONG_USAGE = 64;
    private static final int SECONDS_TO_ABORT = 30;
    private static final CountDownLatch CLOSED = new CountDownLatch(1);

    private RunCommand() {}

    public static void main(String[] arguments) throws IOException {
        int status = run(arguments);
        CLOSED.countDown();
        System.exit(status);
    }

    private static int run(String... arguments) throws IOException {
        RunOptions options;
        try {
            options = RunOptions.parse(arguments);
        } catch (UsageException e) {
            System.err.println(e.getMessage());
            System.err.println(RunOptions.USAGE);
            return WRONG_USAGE;
        }
        for (Path file : new Path[] {options.casc, options.jenkinsfile}) {
            if (!Files.isReadable(file)) {
                System.err.println("The file " + file + " cannot be read.");
                return WRONG_USAGE;
            }
        }
        SandboxLog.into(options.home);
        try (Sandbox sandbox = Sandbox.open(options.home, Files.readString(options.casc), System.getenv())) {
            return build(sandbox, options);
        } catch (CascException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }

    private static int build(Sandbox sandbox, RunOptions options) throws IOException {
        BuildRequest request = new BuildRequest(
                options.job,
                Files.readString(options.jenkinsfile),
                options.workspace,
                options.parameters,
                options.environment,
                options.answer);
        RunningBuild build;
        if (options.resume) {
            Optional<RunningBuild> resumed = sandbox.resume(request, System.out);
            if (resumed.isEmpty()) {
                System.err.println("No build of job " + options.job + " in " + options.home
                        + " was under way; leave out --resume to start one.");
                return WRONG_USAGE;
            }
            build = resumed.get();
        } else {
            build = sandbox.start(request, System.out);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> abort(build)));
        BuildResult result = build.await();
        sandbox.undecided().forEach(System.out::println);
        return exitCode(result.result());
    }

    /** Shutdown hook: aborts the build if a signal ends the JVM before the build has ended. */
    private static void abort(RunningBuild build) {
        if (CLOSED.getCount() == 0) {
            return;
        }
        build.abort("signal");
        try {
            if (!CLOSED.await(SECONDS_TO_ABORT, TimeUnit.SECONDS)) {
                System.err.println(
                        "The build did not end within " + SECONDS_TO_ABORT + " seconds; --resume goes on with it.");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        // Sets the exit code; without this it would be that of the signal.
        Runtime.getRuntime().halt(ABORTED);
    }

    private static int exitCode(Result result) {
        return result == Result.SUCCESS ? 0 : result == Result.UNSTABLE ? 2 : result == Result.ABORTED ? ABORTED : 1;
    }
}
