package sandbox.runner;

import com.cloudbees.groovy.cps.Continuable;
import com.cloudbees.groovy.cps.Outcome;
import com.google.common.util.concurrent.SettableFuture;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.model.Result;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.CauseOfInterruption;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/**
 * The execution of a Jenkinsfile. Events, such as the completion of a step, a timeout or an abort, are processed one at
 * a time on the thread of the program. After each event every branch waits in a step, and the state is saved.
 */
final class JenkinsfileProgram {
    private static final Logger LOGGER = Logger.getLogger(JenkinsfileProgram.class.getName());
    private static final Map<String, JenkinsfileProgram> LIVE = new ConcurrentHashMap<>();
    private static final ThreadLocal<JenkinsfileProgram> CURRENT = new ThreadLocal<>();

    /** The saved state, from which another JVM can resume. */
    static final class State implements Serializable {
        private static final long serialVersionUID = 1L;
        final BuildRequest.Answer answer;
        final ScmSource scm;
        final String workspace;
        final Map<String, String> parameters;
        final EnvVars environment = new EnvVars();
        final List<ExecutionBranch> branches = new ArrayList<>();

        /** The workspaces that nodes have; of nodes beside each other each has its own, unless the user named one. */
        final Set<String> inUse = new HashSet<>();

        PreludeScript prelude;
        int counter;

        State(BuildRequest.Answer answer, ScmSource scm, String workspace, Map<String, String> parameters) {
            this.answer = answer;
            this.scm = scm;
            this.workspace = workspace;
            this.parameters = parameters;
        }
    }

    private final SandboxRun run;
    private final State state;
    private final Set<String> secretVariables;
    private final BuildLog log;
    private final OutputStream logFile;
    private final ExecutorService thread;
    private final CompletableFuture<BuildResult> ended = new CompletableFuture<>();
    private final Map<String, WorkspaceLease> leases = new HashMap<>();
    private final Map<String, PendingCall> calls = new ConcurrentHashMap<>();
    private ExecutionBranch current;

    private JenkinsfileProgram(SandboxRun run, State state, OutputStream log, Set<String> secretVariables)
            throws IOException {
        this.run = run;
        this.state = state;
        this.secretVariables = secretVariables;
        this.logFile = Files.newOutputStream(
                run.getRootDir().toPath().resolve("log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        this.log = new BuildLog(log, logFile);
        this.thread = Executors.newSingleThreadExecutor(
                new NamingThreadFactory(new DaemonThreadFactory(), "Build " + run.getExternalizableId()));
        LIVE.put(run.getExternalizableId(), this);
    }

    /**
     * Starts a build.
     *
     * @param workspace is given back at its end
     * @param before a running build of the job at whose end this one begins; empty to begin now
     */
    static JenkinsfileProgram start(
            SandboxRun run,
            BuildRequest request,
            WorkspaceLease workspace,
            OutputStream log,
            Set<String> secretVariables,
            Optional<JenkinsfileProgram> before)
            throws IOException {
        run.setVariables(request.environment());
        Files.writeString(jenkinsfile(run), request.jenkinsfile());
        State state =
                new State(request.answer(), request.scm(), workspace.folder().toString(), request.parameters());
        JenkinsfileProgram program = new JenkinsfileProgram(run, state, log, secretVariables);
        program.ended.whenComplete((result, failure) -> {
            workspace.giveBack();
            program.leases.values().forEach(WorkspaceLease::giveBack);
        });
        if (before.isPresent()) {
            program.line("Waiting for the end of build " + before.get().run.getNumber()
                    + ": the job has disableConcurrentBuilds()");
            before.get().ended.whenComplete((result, failure) -> program.post(program::startMainBranch));
        } else {
            program.post(program::startMainBranch);
        }
        return program;
    }

    static JenkinsfileProgram resume(SandboxRun run, OutputStream log, Set<String> secretVariables) {
        try {
            State state = (State)
                    ProgramFile.read(savedProgram(run), JenkinsfileCompiler.of(Files.readString(jenkinsfile(run))));
            JenkinsfileProgram program = new JenkinsfileProgram(run, state, log, secretVariables);
            program.post(program::resumeBranches);
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The saved build " + run.getExternalizableId() + " cannot be read: " + e.getMessage(), e);
        }
    }

    static boolean canResume(SandboxRun run) {
        return savedProgram(run).exists();
    }

    private static File savedProgram(SandboxRun run) {
        return new File(run.getRootDir(), "program.dat");
    }

    private static Path jenkinsfile(SandboxRun run) {
        return run.getRootDir().toPath().resolve("Jenkinsfile");
    }

    /** The program that the current thread executes. */
    static JenkinsfileProgram current() {
        return CURRENT.get();
    }

    /** The running program of a build, or null if it does not run in this JVM. */
    static JenkinsfileProgram find(String runId) {
        return LIVE.get(runId);
    }

    /** The running build of a job that began last. */
    static Optional<JenkinsfileProgram> lastOf(String job) {
        return LIVE.values().stream()
                .filter(program -> program.run.getParent().getFullName().equals(job))
                .max(Comparator.comparingInt(program -> program.run.getNumber()));
    }

    SandboxRun run() {
        return run;
    }

    State state() {
        return state;
    }

    BuildLog log() {
        return log;
    }

    ExecutionBranch branch() {
        return current;
    }

    CompletableFuture<BuildResult> ended() {
        return ended;
    }

    String nextId() {
        return Integer.toString(++state.counter);
    }

    /** Takes a workspace for a node; called on the program's thread. */
    String enterNode() throws IOException {
        if (state.inUse.add(state.workspace) || !isBelowHome()) {
            return state.workspace;
        }
        WorkspaceLease another =
                WorkspaceLease.take(workspaces(), run.getParent().getFullName());
        String folder = another.folder().toString();
        leases.put(folder, another);
        state.inUse.add(folder);
        return folder;
    }

    /** Gives the workspace of a node back. */
    void leaveNode(String folder) {
        state.inUse.remove(folder);
        WorkspaceLease lease = leases.remove(folder);
        if (lease != null) {
            lease.giveBack();
        }
    }

    private static Path workspaces() {
        return Jenkins.get().getRootDir().toPath().resolve("workspace");
    }

    private boolean isBelowHome() {
        return Path.of(state.workspace).startsWith(workspaces());
    }

    /** The environment variables of a step. */
    EnvVars environment(BlockScope scope) throws IOException, InterruptedException {
        EnvVars all = new EnvVars();
        if (scope.folder() != null) {
            all.putAll(System.getenv());
            // The variables from which the configuration reads secrets are hidden from builds.
            all.keySet().removeAll(secretVariables);
        }
        all.putAll(run.getEnvironment(log));
        all.putAll(state.parameters);
        all.putAll(state.environment);
        // "PATH+TOOLS=/x" prepends /x to PATH, as in Jenkins.
        scope.variables().forEach((name, value) -> {
            int plus = name.indexOf('+');
            if (plus > 0) {
                all.merge(name.substring(0, plus), value, (old, front) -> front + File.pathSeparator + old);
            } else {
                all.override(name, all.expand(value));
            }
        });
        for (CredentialBinding binding : scope.credentials()) {
            binding.bind(run, all, log);
        }
        return all;
    }

    /** Stops all programs without ending their builds, which can be resumed from their saved states. */
    static void suspendAll() {
        List.copyOf(LIVE.values()).forEach(JenkinsfileProgram::suspend);
    }

    private void suspend() {
        LIVE.remove(run.getExternalizableId());
        ended.cancel(false);
        thread.shutdown();
    }

    /** Queues an event for the program's thread, which runs it while all branches wait. */
    void post(Runnable event) {
        try {
            thread.execute(() -> {
                if (ended.isDone()) {
                    return;
                }
                CURRENT.set(this);
                try {
                    event.run();
                    save();
                } catch (RuntimeException e) {
                    if (ended.isDone()) {
                        LOGGER.log(Level.WARNING, "After the end of " + run, e);
                    } else {
                        end(e);
                    }
                } finally {
                    CURRENT.remove();
                }
            });
        } catch (RejectedExecutionException e) {
            // The build has ended; late events are dropped.
            assert ended.isDone();
        }
    }

    private void startMainBranch() {
        line("Running in " + run.getRootDir());
        logPipeline("Start of Pipeline");
        try {
            JenkinsfileCompiler compiler = JenkinsfileCompiler.of(Files.readString(jenkinsfile(run)));
            state.prelude = compiler.prelude();
            ExecutionBranch main = new ExecutionBranch(null, compiler.start(), BlockScope.OUTERMOST);
            state.branches.add(main);
            advance(main, new Outcome(null, null));
        } catch (AbortException e) {
            end(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void resumeBranches() {
        line("Resuming build " + run.getExternalizableId());
        List<ExecutionBranch> waiting = List.copyOf(state.branches);
        waiting.forEach(branch -> mask(branch.scope()));
        for (ExecutionBranch branch : waiting) {
            branch.deadlines().forEach(deadline -> deadline.schedule(this));
            if (branch.call() == null) {
                advance(branch, new Outcome(null, null));
            } else {
                waiting(branch.call());
                branch.call().resume(this);
            }
        }
    }

    private void mask(BlockScope scope) {
        try {
            environment(scope);
        } catch (IOException | InterruptedException e) {
            line("WARNING: " + e.getMessage());
        }
    }

    /** Runs a branch until it waits in a step or ends. */
    void advance(ExecutionBranch branch, Outcome with) {
        ExecutionBranch outer = current;
        current = branch;
        try {
            Outcome outcome = branch.run(with);
            if (branch.call() != null) {
                waiting(branch.call());
                return;
            }
            state.branches.remove(branch);
            if (branch.parent() == null) {
                end(outcome.getAbnormal());
            } else {
                branch.parent().ended(this, branch, outcome);
            }
        } finally {
            current = outer;
        }
    }

    /** Continues the branch that waits for the call. */
    void completed(PendingCall call, Outcome outcome) {
        post(() -> state.branches.stream()
                .filter(branch -> branch.call() == call)
                .findFirst()
                .ifPresent(branch -> {
                    calls.remove(call.id());
                    advance(branch, outcome);
                }));
    }

    /** The pending call with an id, or null if it is complete. */
    PendingCall call(String id) {
        return calls.get(id);
    }

    /** Starts a step; returns its value if it completes at once, or else suspends the calling branch. */
    Object start(PendingCall call) throws Throwable {
        logPipeline(call.name());
        calls.put(call.id(), call);
        if (call.start(this)) {
            calls.remove(call.id());
            return call.outcome().replay();
        }
        return Continuable.suspend(call.name(), call);
    }

    /** Registers a call that a branch waits for. */
    void waiting(PendingCall call) {
        calls.put(call.id(), call);
        call.await(this);
    }

    void abort(String user) {
        CauseOfInterruption cause = new CauseOfInterruption.UserInterruption(user);
        FlowInterruptedException aborted = new FlowInterruptedException(Result.ABORTED, true, cause);
        post(() -> state.branches.stream()
                .filter(branch -> branch.parent() == null)
                .findFirst()
                // A build that has not begun has no branch.
                .ifPresentOrElse(main -> main.interrupt(this, aborted), () -> end(aborted)));
    }

    /** Completes the future after the present state has been saved. */
    void completeWhenSaved(SettableFuture<Void> future) {
        post(() -> {
            save();
            future.set(null);
        });
    }

    private void save() {
        if (ended.isDone()) {
            return;
        }
        try {
            ProgramFile.write(savedProgram(run), state);
        } catch (IOException e) {
            end(new AbortException("The state of the build cannot be saved: " + e.getMessage()
                    + "; keep such a value inside one @NonCPS method."));
        }
    }

    private void end(Throwable failure) {
        String sentence = failure == null ? null : FailureText.report(failure, run, log);
        logPipeline("End of Pipeline");
        Result result = run.getResult() == null ? Result.SUCCESS : run.getResult();
        line("Finished: " + result);
        try {
            run.complete(result);
            Files.deleteIfExists(savedProgram(run).toPath());
            log.close();
            logFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            LIVE.remove(run.getExternalizableId());
            ended.complete(new BuildResult(run.getParent().getFullName(), run.getNumber(), result, sentence));
            thread.shutdown();
        }
    }

    void line(String text) {
        log.getLogger().println(text);
    }

    void logPipeline(String text) {
        line("[Pipeline] " + text);
    }
}
