package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.steps.base.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.base.RequestingStep;
import io.jenkins.plugins.gitops.steps.base.StateCommandExecution;
import io.jenkins.plugins.gitops.steps.base.StepArguments;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Keeps every change but a rollback out of a wave. */
@Restricted(NoExternalUse.class)
public final class HoldWaveStep extends RequestingStep {

    private static final Duration LONGEST = Duration.ofDays(36_525);

    @CheckForNull
    private final String wave;

    @CheckForNull
    private final String reason;

    @CheckForNull
    private String until;

    /**
     * Takes the required arguments.
     *
     * @param reason why the wave is held, for people
     */
    @DataBoundConstructor
    public HoldWaveStep(String wave, String reason) {
        this.wave = Util.fixEmptyAndTrim(wave);
        this.reason = Util.fixEmptyAndTrim(reason);
    }

    @CheckForNull
    public String getWave() {
        return wave;
    }

    @CheckForNull
    public String getReason() {
        return reason;
    }

    @CheckForNull
    public String getUntil() {
        return until;
    }

    @DataBoundSetter
    public void setUntil(@CheckForNull String until) {
        this.until = Util.fixEmptyAndTrim(until);
    }

    @Override
    public StepExecution start(StepContext context) {
        return new StateCommandExecution(context, this, (configured, by, now) -> {
            String name = StepArguments.required(wave, "holdWave", "wave");
            StepArguments.wave(configured, name);
            String why = StepArguments.required(StepArguments.limited(reason, "reason"), "holdWave", "reason");
            return SavedStateCommand.hold(name, why, end(now), by, now);
        });
    }

    @CheckForNull
    private Instant end(Instant now) throws AbortException {
        String given = until;
        if (given == null) {
            return null;
        }
        Instant end = Durations.hasForm(given) ? now.plus(StepArguments.duration(given, "until:")) : time(given);
        if (end.isAfter(now.plus(LONGEST))) {
            throw new AbortException("until: \"" + SingleLine.excerpt(given)
                    + "\" is over a hundred years away; leave until: out to hold the wave until somebody releases it.");
        }
        if (!end.isAfter(now)) {
            throw new AbortException("until: \"" + given + "\" is over already, since it is " + now
                    + "; give a later time, or a duration longer than 0s.");
        }
        return end.truncatedTo(ChronoUnit.SECONDS);
    }

    private static Instant time(String given) throws AbortException {
        try {
            return OffsetDateTime.parse(given).toInstant();
        } catch (DateTimeParseException e) {
            throw new AbortException("until: \"" + SingleLine.excerpt(given)
                    + "\" is neither a duration nor a time: write a duration such as 2h, or a time with its offset"
                    + " such as 2026-12-24T12:00:00Z.");
        }
    }

    /** Offers the step to Jenkinsfiles. */
    @Extension
    public static final class DescriptorImpl extends GitOpsStepDescriptor {

        @Override
        public String getFunctionName() {
            return "holdWave";
        }

        @Override
        public String getDisplayName() {
            return Messages.HoldWaveStep_DisplayName();
        }
    }
}
