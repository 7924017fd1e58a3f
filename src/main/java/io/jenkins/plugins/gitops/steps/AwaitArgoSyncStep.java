package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.base.ImageSetStep;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Waits until Argo CD or Flux has rolled a config commit out to a wave. */
@Restricted(NoExternalUse.class)
public class AwaitArgoSyncStep extends ImageSetStep {

    private static final String FUNCTION = "awaitArgoSync";
    private static final String DEFAULT_TIMEOUT = "1h";
    private static final String DEFAULT_DEGRADED_FOR = "5m";

    @CheckForNull
    private final String wave;

    @CheckForNull
    private String revision;

    @CheckForNull
    private String require;

    private boolean sync;
    private int retryFailed;
    private String timeout = DEFAULT_TIMEOUT;
    private String degradedFor = DEFAULT_DEGRADED_FOR;

    /**
     * Names the wave.
     *
     * @param wave whose targets are to run the commit
     */
    @DataBoundConstructor
    public AwaitArgoSyncStep(String wave) {
        this.wave = Util.fixEmptyAndTrim(wave);
    }

    @CheckForNull
    public String getWave() {
        return wave;
    }

    @CheckForNull
    public String getRevision() {
        return revision;
    }

    @DataBoundSetter
    public void setRevision(@CheckForNull String revision) {
        this.revision = Util.fixEmptyAndTrim(revision);
    }

    public String getTimeout() {
        return timeout;
    }

    @DataBoundSetter
    public void setTimeout(@CheckForNull String timeout) {
        String given = Util.fixEmptyAndTrim(timeout);
        this.timeout = given == null ? DEFAULT_TIMEOUT : given;
    }

    public String getDegradedFor() {
        return degradedFor;
    }

    @DataBoundSetter
    public void setDegradedFor(@CheckForNull String degradedFor) {
        String given = Util.fixEmptyAndTrim(degradedFor);
        this.degradedFor = given == null ? DEFAULT_DEGRADED_FOR : given;
    }

    @CheckForNull
    public String getRequire() {
        return require;
    }

    @DataBoundSetter
    public void setRequire(@CheckForNull String require) {
        this.require = Util.fixEmptyAndTrim(require);
    }

    public boolean isSync() {
        return sync;
    }

    @DataBoundSetter
    public void setSync(boolean sync) {
        this.sync = sync;
    }

    public int getRetryFailed() {
        return retryFailed;
    }

    @DataBoundSetter
    public void setRetryFailed(int retryFailed) {
        this.retryFailed = retryFailed;
    }

    /** The name by which Jenkinsfiles call the step. */
    String functionName() {
        return FUNCTION;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new AwaitArgoSyncExecution(context, this);
    }

    /** Offers the step to Jenkinsfiles. */
    @Extension
    public static final class DescriptorImpl extends GitOpsStepDescriptor {

        @Override
        public String getFunctionName() {
            return FUNCTION;
        }

        @Override
        public String getDisplayName() {
            return Messages.AwaitArgoSyncStep_DisplayName();
        }
    }
}
