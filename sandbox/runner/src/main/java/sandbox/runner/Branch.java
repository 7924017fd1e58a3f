package sandbox.runner;

import com.cloudbees.groovy.cps.Continuable;
import com.cloudbees.groovy.cps.Continuation;
import com.cloudbees.groovy.cps.Outcome;
import com.cloudbees.groovy.cps.impl.CpsCallableInvocation;
import groovy.lang.Closure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A line of execution: the program's own, or one of {@code parallel}. */
final class Branch implements Serializable {
    private static final long serialVersionUID = 1L;
    private final String id;
    private final Call parent;
    private final Continuable continuable;
    private final List<Deadline> deadlines = new ArrayList<>();
    private Scope scope;
    private Call call;

    Branch(String id, Call parent, Continuable continuable, Scope scope) {
        this.id = id;
        this.parent = parent;
        this.continuable = continuable;
        this.scope = scope;
    }

    /** One that runs a block of a call. */
    static Branch of(Program program, Call parent, Closure<?> block, Scope scope) {
        try {
            block.call();
            throw new IllegalStateException("The block is not transformed");
        } catch (CpsCallableInvocation transformed) {
            Continuable continuable = new Continuable(transformed.invoke(null, null, Continuation.HALT));
            return new Branch(program.nextId(), parent, continuable, scope);
        }
    }

    String id() {
        return id;
    }

    /** The call whose block it runs, null for the program itself. */
    Call parent() {
        return parent;
    }

    Scope scope() {
        return scope;
    }

    void scope(Scope inner) {
        scope = inner;
    }

    /** The step it waits in, null when it runs or has ended. */
    Call call() {
        return call;
    }

    List<Deadline> deadlines() {
        return deadlines;
    }

    Outcome run(Outcome with) {
        call = null;
        Outcome outcome = continuable.run0(with, Iterators.CATEGORIES);
        if (continuable.isResumable()) {
            call = (Call) outcome.getNormal();
        }
        return outcome;
    }

    void interrupt(Program program, Throwable cause) {
        if (call == null) {
            continuable.superInterrupt(cause);
        } else {
            call.stop(program, cause);
        }
    }
}
