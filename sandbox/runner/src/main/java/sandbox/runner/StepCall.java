package sandbox.runner;

import com.cloudbees.groovy.cps.Outcome;
import groovy.lang.Closure;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** A call of one of the plugin's steps. */
final class StepCall extends PendingCall {
    private static final long serialVersionUID = 1L;
    private final SandboxStepContext context;
    private final Closure<?> block;
    private transient Step step;
    private StepExecution execution;
    private ExecutionBranch branch;
    private BodyExecutionCallback callback;

    StepCall(JenkinsfileProgram program, Step step, BlockScope scope, Closure<?> block) {
        super(program.nextId(), step.getDescriptor().getFunctionName(), scope);
        this.step = step;
        this.block = block;
        this.context = new SandboxStepContext(program.run().getExternalizableId(), id());
    }

    @Override
    boolean start(JenkinsfileProgram program) throws Exception {
        step.getDescriptor().checkContextAvailability(context);
        execution = step.start(context);
        return execution.start();
    }

    boolean hasBlock() {
        return block != null;
    }

    /** Runs the block; called on the program's thread. */
    void runBlock(JenkinsfileProgram program, BlockScope inner, BodyExecutionCallback told) {
        callback = told;
        branch = ExecutionBranch.of(this, block, inner);
        program.state().branches.add(branch);
        callback.onStart(context);
        program.logPipeline("{");
        program.advance(branch, new Outcome(null, null));
    }

    boolean runsBlock() {
        return branch != null;
    }

    /** Stops the branch of the block, if it runs. */
    void interruptBlock(JenkinsfileProgram program, Throwable cause) {
        if (branch != null) {
            branch.interrupt(program, cause);
        }
    }

    @Override
    void ended(JenkinsfileProgram program, ExecutionBranch ended, Outcome outcome) {
        branch = null;
        program.logPipeline("}");
        if (outcome.isSuccess()) {
            callback.onSuccess(context, outcome.getNormal());
        } else {
            callback.onFailure(context, outcome.getAbnormal());
        }
    }

    @Override
    void resume(JenkinsfileProgram program) {
        execution.onResume();
    }

    /**
     * Stops the branch of the block if it runs, so that the step receives the failure of its block; else stops the
     * step.
     */
    @Override
    void stop(JenkinsfileProgram program, Throwable cause) {
        if (branch != null) {
            branch.interrupt(program, cause);
            return;
        }
        try {
            execution.stop(cause);
        } catch (Exception e) {
            cause.addSuppressed(e);
            complete(new Outcome(null, cause));
        }
    }
}
