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

    /**
     * The result of the build. The future never fails; it is cancelled if the sandbox is closed before the build ends.
     */
    public CompletableFuture<BuildResult> ended() {
        return program.ended();
    }

    /** Waits until the build has ended; see {@link #ended()}. */
    public BuildResult await() {
        return program.ended().join();
    }

    /**
     * Interrupts the steps that the build waits for. The build ends as aborted after its {@code finally} blocks have
     * run.
     */
    public void abort(String user) {
        program.abort(user);
    }
}
