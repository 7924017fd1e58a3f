package io.jenkins.plugins.gitops.steps.failures;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.GitOpsException;
import org.jenkinsci.plugins.workflow.flow.ErrorCondition;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** A condition for {@code retry} that holds for one kind of failure of the steps, also where another wraps it. */
abstract class FailureCondition extends ErrorCondition {

    private static final long serialVersionUID = 1L;

    /** The failure for which this holds. */
    abstract Class<? extends GitOpsException> failure();

    @Override
    public final boolean test(Throwable error, @CheckForNull StepContext context) {
        Throwable cause = error;
        while (cause != null && !failure().isInstance(cause)) {
            cause = cause.getCause();
        }
        return cause != null;
    }
}
