package sandbox.runner;

import com.cloudbees.groovy.cps.Outcome;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** A call of one of the plugin's steps. */
final class StepCall extends Call {
    private static final long serialVersionUID = 1L;
    private final SandboxStepContext context;
    private transient Step step;
    private StepExecution execution;

    StepCall(Program program, Step step, Scope scope) {
        super(program.nextId(), step.getDescriptor().getFunctionName(), scope);
        this.step = step;
        this.context = new SandboxStepContext(program.run().getExternalizableId(), id());
    }

    @Override
    boolean start(Program program) throws Exception {
        step.getDescriptor().checkContextAvailability(context);
        execution = step.start(context);
        return execution.start();
    }

    @Override
    void resume(Program program) {
        execution.onResume();
    }

    @Override
    void stop(Program program, Throwable cause) {
        try {
            execution.stop(cause);
        } catch (Exception e) {
            cause.addSuppressed(e);
            complete(new Outcome(null, cause));
        }
    }
}
