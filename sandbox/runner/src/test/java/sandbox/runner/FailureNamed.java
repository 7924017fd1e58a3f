package sandbox.runner;

import hudson.Extension;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.workflow.flow.ErrorCondition;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.kohsuke.stapler.DataBoundConstructor;

/** A condition for tests of {@code retry}: holds for failures with one message. */
public final class FailureNamed extends ErrorCondition {
    private static final long serialVersionUID = 1L;
    private final String message;

    @DataBoundConstructor
    public FailureNamed(String message) {
        this.message = message;
    }

    @Override
    public boolean test(Throwable error, StepContext context) {
        return message.equals(error.getMessage());
    }

    /** Makes it known as {@code failureNamed}. */
    @Extension
    @Symbol("failureNamed")
    public static final class DescriptorImpl extends ErrorConditionDescriptor {}
}
