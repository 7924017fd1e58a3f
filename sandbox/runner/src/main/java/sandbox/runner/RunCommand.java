package sandbox.runner;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Action;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Result;
import hudson.model.User;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The command {@code sandbox/gitops run}. */
public final class RunCommand {
    private static final int ABORTED = 3;
    private static final int SECONDS_TO_ABORT = 30;
    private static final CountDownLatch CLOSED = new CountDownLatch(1);

    private RunCommand() {}

    public static void main(String[] arguments) throws InterruptedException {
        int status = run(arguments);
        CLOSED.countDown();
        System.exit(status);
    }

    static int run(String... arguments) throws InterruptedException {
        return CommandLine.run("run", () -> {
            RunOptions options = RunOptions.parse(arguments);
            SandboxLog.into(options.home);
            try (Sandbox sandbox = Sandbox.open(options.home, Files.readString(options.casc), System.getenv())) {
                return build(sandbox, options);
            }
        });
    }

    private static int build(Sandbox sandbox, RunOptions options) throws IOException, UsageException {
        if (options.generator != null) {
            DriverRegistry.get()
                    .setGenerators(GeneratorJob.in(
                            sandbox, options.generator, Files.readString(options.generatorJenkinsfile), System.out));
        }
        BuildRequest request = new BuildRequest(
                options.job,
                Files.readString(options.jenkinsfile),
                options.workspace,
                options.parameters,
                options.environment,
                options.answer,
                options.scm);
        RunningBuild build;
        if (options.resume) {
            Optional<RunningBuild> resumed = sandbox.resume(request, System.out);
            if (resumed.isEmpty()) {
                throw new UsageException("No build of the job " + options.job + " in " + options.home
                        + " is unfinished; leave out --resume to start one.");
            }
            build = resumed.get();
        } else {
            build = sandbox.start(request, System.out, startedBy(options.user));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> abort(build)));
        BuildResult result = build.await();
        sandbox.undecided().forEach(System.out::println);
        return exitCode(result.result());
    }

    /** The cause of a build that a person starts; none if nobody is named. */
    private static Action[] startedBy(@CheckForNull String person) {
        if (person == null) {
            return new Action[0];
        }
        User known = User.getById(person, true);
        return new Action[] {new CauseAction(new Cause.UserIdCause(known.getId()))};
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
