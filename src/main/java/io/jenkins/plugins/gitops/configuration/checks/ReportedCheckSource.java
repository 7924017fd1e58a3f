package io.jenkins.plugins.gitops.configuration.checks;

import hudson.Extension;
import hudson.model.Descriptor;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;

/** Verdicts that are reported to Jenkins, by the step {@code reportCiStatus} or over HTTP. */
@Restricted(NoExternalUse.class)
public final class ReportedCheckSource extends CheckSource {

    static final String NAME = "reported";

    /** Has no fields: each required check says which jobs may report it. */
    @DataBoundConstructor
    public ReportedCheckSource() {}

    @Override
    public String name() {
        return NAME;
    }

    /** Offers this source in forms and YAML. */
    @Extension
    @Symbol(NAME)
    public static final class DescriptorImpl extends Descriptor<CheckSource> {

        @Override
        public String getDisplayName() {
            return Messages.ReportedCheckSource_DisplayName();
        }
    }
}
