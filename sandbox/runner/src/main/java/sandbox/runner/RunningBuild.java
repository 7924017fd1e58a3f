package sandbox.runner;

import hudson.model.Run;
import java.util.concurrent.CompletableFuture;

/** A running build. */
public final class RunningBuild {
    private final SandboxRun run;
    private final JenkinsfileProgram program;

    RunningBuild(SandboxRun run, JenkinsfileProgram program) {
        this.run = run;
        this.program = program;
    }

    /** The build, with its number and actions. */
    public Run<?, ?> run() {
        return run;
    }

    /** Completes when the build has ended, always normally; cancelled if the sandbox is closed before. */
    public CompletableFuture<BuildResult> ended() {
        return program.ended();
    }

    /** Waits until the build has ended; see {@link #ended()}. */
    public BuildResult await() {
        return program.ended().join();
    }

    /** Interrupts whatever the build waits for; it ends as aborted once its {@code finally} parts have run. */
    public void abort(String user) {
        program.abort(user);
    }
}
