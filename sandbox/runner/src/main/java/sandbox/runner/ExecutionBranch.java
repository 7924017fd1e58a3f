package sandbox.runner;

import com.cloudbees.groovy.cps.Continuable;
import com.cloudbees.groovy.cps.Continuation;
import com.cloudbees.groovy.cps.Outcome;
import com.cloudbees.groovy.cps.impl.CpsCallableInvocation;
import groovy.lang.Closure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A branch of execution: the main program, a branch of {@code parallel}, or the block of a step. */
final class ExecutionBranch implements Serializable {
    private static final long serialVersionUID = 1L;
    private final PendingCall parent;
    private final Continuable continuable;
    private final List<TimeoutDeadline> deadlines = new ArrayList<>();
    private BlockScope scope;
    private PendingCall call;

    ExecutionBranch(PendingCall parent, Continuable continuable, BlockScope scope) {
        this.parent = parent;
        this.continuable = continuable;
        this.scope = scope;
    }

    /** Creates a branch that runs a block of a call. */
    static ExecutionBranch of(PendingCall parent, Closure<?> block, BlockScope scope) {
        try {
            block.call();
            throw new IllegalStateException("The block is not transformed");
        } catch (CpsCallableInvocation transformed) {
            Continuable continuable = new Continuable(transformed.invoke(null, null, Continuation.HALT));
            return new ExecutionBranch(parent, continuable, scope);
        }
    }

    /** The call whose block this branch runs; null for the main branch. */
    PendingCall parent() {
        return parent;
    }

    BlockScope scope() {
        return scope;
    }

    void scope(BlockScope inner) {
        scope = inner;
    }

    /** The call that this branch waits for; null while the branch runs and after its end. */
    PendingCall call() {
        return call;
    }

    List<TimeoutDeadline> deadlines() {
        return deadlines;
    }

    Outcome run(Outcome with) {
        call = null;
        Outcome outcome = continuable.run0(with, SerializableIterators.CATEGORIES);
        if (continuable.isResumable()) {
            call = (PendingCall) outcome.getNormal();
        }
        return outcome;
    }

    void interrupt(JenkinsfileProgram program, Throwable cause) {
        if (call == null) {
            continuable.superInterrupt(cause);
        } else {
            call.stop(program, cause);
        }
    }
}
