package sandbox.runner;

import com.cloudbees.groovy.cps.Outcome;
import java.io.Serializable;

/** A call of a step that a branch waits for. Only the first outcome counts. */
abstract class PendingCall implements Serializable {
    private static final long serialVersionUID = 1L;
    private final String id;
    private final String name;
    private final BlockScope scope;
    private transient Outcome outcome;
    private transient JenkinsfileProgram waitingFor;

    PendingCall(String id, String name, BlockScope scope) {
        this.id = id;
        this.name = name;
        this.scope = scope;
    }

    String id() {
        return id;
    }

    String name() {
        return name;
    }

    BlockScope scope() {
        return scope;
    }

    synchronized Outcome outcome() {
        if (outcome == null) {
            throw new IllegalStateException("Step " + name + " says it has ended, but not how");
        }
        return outcome;
    }

    /** Starts the call; returns whether it is already complete. */
    abstract boolean start(JenkinsfileProgram program) throws Exception;

    /** Continues to wait after a restart. */
    abstract void resume(JenkinsfileProgram program);

    abstract void stop(JenkinsfileProgram program, Throwable cause);

    /** Called when a branch that ran a block of this call has ended. */
    void ended(JenkinsfileProgram program, ExecutionBranch branch, Outcome outcome) {
        throw new IllegalStateException("Step " + name + " has no block");
    }

    /** Makes the program continue the waiting branch when the outcome is known, at once if it is known already. */
    synchronized void await(JenkinsfileProgram program) {
        waitingFor = program;
        if (outcome != null) {
            program.completed(this, outcome);
        }
    }

    synchronized void complete(Outcome first) {
        if (outcome == null) {
            outcome = first;
            if (waitingFor != null) {
                waitingFor.completed(this, first);
            }
        }
    }
}
