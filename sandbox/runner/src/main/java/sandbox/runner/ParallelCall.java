package sandbox.runner;

import com.cloudbees.groovy.cps.Outcome;
import groovy.lang.Closure;
import hudson.AbortException;
import hudson.model.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/** A call of {@code parallel}, which waits for its branches. */
final class ParallelCall extends PendingCall {
    private static final long serialVersionUID = 1L;
    private final LinkedHashMap<String, Closure<?>> bodies;
    private final boolean failFast;
    private final LinkedHashMap<String, ExecutionBranch> running = new LinkedHashMap<>();
    private final LinkedHashMap<String, Object> results = new LinkedHashMap<>();
    private Throwable first;

    ParallelCall(JenkinsfileProgram program, Map<String, Closure<?>> bodies, boolean failFast) {
        super(program.nextId(), "parallel", program.branch().scope());
        this.bodies = new LinkedHashMap<>(bodies);
        this.failFast = failFast;
    }

    @Override
    boolean start(JenkinsfileProgram program) {
        if (bodies.isEmpty()) {
            complete(new Outcome(results, null));
            return true;
        }
        bodies.forEach((name, body) -> {
            ExecutionBranch branch = ExecutionBranch.of(this, body, scope());
            running.put(name, branch);
            program.state().branches.add(branch);
            // Queued, because the calling branch is still running.
            program.post(() -> {
                program.logPipeline("{ (Branch: " + name + ")");
                program.advance(branch, new Outcome(null, null));
            });
        });
        return false;
    }

    @Override
    void ended(JenkinsfileProgram program, ExecutionBranch branch, Outcome outcome) {
        String name = running.entrySet().stream()
                .filter(entry -> entry.getValue() == branch)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
        running.remove(name);
        if (outcome.isSuccess()) {
            results.put(name, outcome.getNormal());
        } else {
            program.line("Failed in branch " + name);
            if (first == null) {
                first = outcome.getAbnormal();
                if (failFast) {
                    stopAll(program, new FlowInterruptedException(Result.ABORTED, true, new OtherFailed(name)));
                }
            }
        }
        if (running.isEmpty()) {
            complete(first == null ? new Outcome(results, null) : new Outcome(null, first));
        }
    }

    @Override
    void resume(JenkinsfileProgram program) {
        // Nothing to do: the program resumes the branches.
    }

    @Override
    void stop(JenkinsfileProgram program, Throwable cause) {
        stopAll(program, cause);
    }

    private void stopAll(JenkinsfileProgram program, Throwable cause) {
        List.copyOf(running.values()).forEach(branch -> branch.interrupt(program, cause));
    }

    static ParallelCall of(JenkinsfileProgram program, Map<?, ?> named) throws AbortException {
        LinkedHashMap<String, Closure<?>> bodies = new LinkedHashMap<>();
        boolean failFast = false;
        for (Map.Entry<?, ?> entry : named.entrySet()) {
            if (entry.getKey().equals("failFast") && entry.getValue() instanceof Boolean wanted) {
                failFast = wanted;
            } else if (entry.getValue() instanceof Closure<?> body) {
                bodies.put(String.valueOf(entry.getKey()), body);
            } else {
                throw new AbortException("Branch '" + entry.getKey() + "' of parallel is no block.");
            }
        }
        return new ParallelCall(program, bodies, failFast);
    }

    private static final class OtherFailed extends CauseOfInterruption {
        private static final long serialVersionUID = 1L;
        private final String branch;

        OtherFailed(String branch) {
            this.branch = branch;
        }

        @Override
        public String getShortDescription() {
            return "Failed in branch " + branch;
        }
    }
}
