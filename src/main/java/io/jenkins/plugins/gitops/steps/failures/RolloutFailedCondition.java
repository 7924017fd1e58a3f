package io.jenkins.plugins.gitops.steps.failures;

import hudson.Extension;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** A condition for {@code retry}: a rollout failed. */
@Restricted(NoExternalUse.class)
public final class RolloutFailedCondition extends FailureCondition {

    private static final long serialVersionUID = 1L;

    /** Has no options. */
    @DataBoundConstructor
    public RolloutFailedCondition() {}

    @Override
    Class<RolloutFailed> failure() {
        return RolloutFailed.class;
    }

    /** Offers the condition to {@code retry}. */
    @Extension
    @Symbol("rolloutFailed")
    public static final class DescriptorImpl extends ErrorConditionDescriptor {

        @Override
        public String getDisplayName() {
            return Messages.RolloutFailedCondition_DisplayName();
        }
    }
}
