package io.jenkins.plugins.gitops.steps.gates;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.base.ImageSetRequestingStep;
import io.jenkins.plugins.gitops.steps.base.StateCommandExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Instant;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Reports the result of a verification that has no job. */
@Restricted(NoExternalUse.class)
public final class ReportVerificationStep extends ImageSetRequestingStep {

    private static final String SUCCESS = "success";
    private static final String FAILURE = "failure";

    @CheckForNull
    private final String wave;

    @CheckForNull
    private final String name;

    @CheckForNull
    private final String state;

    @CheckForNull
    private String revision;

    @CheckForNull
    private String url;

    @CheckForNull
    private String description;

    /**
     * Takes the required arguments.
     *
     * @param name of the verification
     * @param state {@code success} or {@code failure}
     */
    @DataBoundConstructor
    public ReportVerificationStep(String wave, String name, String state) {
        this.wave = Util.fixEmptyAndTrim(wave);
        this.name = Util.fixEmptyAndTrim(name);
        this.state = Util.fixEmptyAndTrim(state);
    }

    @CheckForNull
    public String getWave() {
        return wave;
    }

    @CheckForNull
    public String getName() {
        return name;
    }

    @CheckForNull
    public String getState() {
        return state;
    }

    @CheckForNull
    public String getRevision() {
        return revision;
    }

    @DataBoundSetter
    public void setRevision(@CheckForNull String revision) {
        this.revision = Util.fixEmptyAndTrim(revision);
    }

    @CheckForNull
    public String getUrl() {
        return url;
    }

    @DataBoundSetter
    public void setUrl(@CheckForNull String url) {
        this.url = Util.fixEmptyAndTrim(url);
    }

    @CheckForNull
    public String getDescription() {
        return description;
    }

    @DataBoundSetter
    public void setDescription(@CheckForNull String description) {
        this.description = Util.fixEmptyAndTrim(description);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new StateCommandExecution(context, this, this::command);
    }

    private SavedGateCommand command(RepositoryDefinition configured, String by, Instant now) throws AbortException {
        String named = StepArguments.required(wave, "reportVerification", "wave");
        StepArguments.wave(configured, named);
        String verification = StepArguments.required(name, "reportVerification", "name");
        String result = StepArguments.required(state, "reportVerification", "state");
        if (!result.equals(SUCCESS) && !result.equals(FAILURE)) {
            throw new AbortException(
                    "state: \"" + result + "\" is not a result: write " + SUCCESS + " or " + FAILURE + ".");
        }
        StepArguments.webPage(url);
        WavePath path =
                WavePath.of(named, StepArguments.set(configured, getSet()).orElse(null));
        return SavedGateCommand.report(
                path,
                verification,
                revision,
                result.equals(SUCCESS),
                Util.fixNull(StepArguments.limited(description, "description")),
                Util.fixNull(url),
                by,
                now);
    }

    /** Offers the step to Jenkinsfiles. */
    @Extension
    public static final class DescriptorImpl extends GitOpsStepDescriptor {

        @Override
        public String getFunctionName() {
            return "reportVerification";
        }

        @Override
        public String getDisplayName() {
            return Messages.ReportVerificationStep_DisplayName();
        }
    }
}
