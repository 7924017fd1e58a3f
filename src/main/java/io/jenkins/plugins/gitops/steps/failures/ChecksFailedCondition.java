package io.jenkins.plugins.gitops.steps.failures;

import hudson.Extension;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** A condition for {@code retry}: a required check failed, and the change was evicted. */
@Restricted(NoExternalUse.class)
public final class ChecksFailedCondition extends FailureCondition {

    private static final long serialVersionUID = 1L;

    /** Has no options. */
    @DataBoundConstructor
    public ChecksFailedCondition() {}

    @Override
    Class<ChecksFailed> failure() {
        return ChecksFailed.class;
    }

    /** Offers the condition to {@code retry}. */
    @Extension
    @Symbol("checksFailed")
    public static final class DescriptorImpl extends ErrorConditionDescriptor {

        @Override
        public String getDisplayName() {
            return Messages.ChecksFailedCondition_DisplayName();
        }
    }
}
