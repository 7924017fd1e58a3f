package io.jenkins.plugins.gitops.steps.failures;

import hudson.Extension;
import io.jenkins.plugins.gitops.common.ConfigConflict;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** A condition for {@code retry}: the change conflicted with main, or vanished from the auto branch. */
@Restricted(NoExternalUse.class)
public final class ConfigConflictCondition extends FailureCondition {

    private static final long serialVersionUID = 1L;

    /** Has no options. */
    @DataBoundConstructor
    public ConfigConflictCondition() {}

    @Override
    Class<ConfigConflict> failure() {
        return ConfigConflict.class;
    }

    /** Offers the condition to {@code retry}. */
    @Extension
    @Symbol("configConflict")
    public static final class DescriptorImpl extends ErrorConditionDescriptor {

        @Override
        public String getDisplayName() {
            return Messages.ConfigConflictCondition_DisplayName();
        }
    }
}
