package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.waves.PromotionWindow;
import java.time.DateTimeException;
import java.time.ZoneId;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A time again and again in which promotions into a wave may happen, as configured. */
@Restricted(NoExternalUse.class)
public final class WindowDefinition implements Describable<WindowDefinition> {

    @CheckForNull
    private final String cron;

    @CheckForNull
    private final String duration;

    @CheckForNull
    private final String timezone;

    /**
     * Says when the window is open.
     *
     * @param cron when it opens, in five fields without {@code H}
     * @param duration for how long
     * @param timezone as the time zone database names it
     */
    @DataBoundConstructor
    public WindowDefinition(String cron, String duration, String timezone) {
        this.cron = Util.fixEmptyAndTrim(cron);
        this.duration = Util.fixEmptyAndTrim(duration);
        this.timezone = Util.fixEmptyAndTrim(timezone);
    }

    @CheckForNull
    public String getCron() {
        return cron;
    }

    @CheckForNull
    public String getDuration() {
        return duration;
    }

    @CheckForNull
    public String getTimezone() {
        return timezone;
    }

    /**
     * The window as the engine knows it.
     *
     * @throws IllegalArgumentException with a sentence
     */
    PromotionWindow toWindow() {
        if (cron == null || duration == null || timezone == null) {
            throw new IllegalArgumentException("a window needs cron, duration and timezone, such as"
                    + " {cron: \"0 9 * * 1-4\", duration: 7h, timezone: Europe/Berlin}.");
        }
        return new PromotionWindow(cron, Durations.parse(duration), zone(timezone));
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" is no time zone: write its name, such as Europe/Berlin or UTC.");
        }
    }

    /** The form of one window. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<WindowDefinition> {

        @Override
        public String getDisplayName() {
            return Messages.WindowDefinition_DisplayName();
        }

        /** Says in the form whether the window can be used. */
        @POST
        public FormValidation doCheckCron(
                @QueryParameter String value, @QueryParameter String duration, @QueryParameter String timezone) {
            return FormAccess.validated(() -> {
                try {
                    new WindowDefinition(value, duration, timezone).toWindow();
                    return null;
                } catch (IllegalArgumentException e) {
                    return e.getMessage();
                }
            });
        }

        /** Says in the form whether this is a duration. */
        @POST
        public FormValidation doCheckDuration(@QueryParameter String value) {
            return FormAccess.required(value, RepositoryValidator::durationProblem);
        }

        /** Says in the form whether there is such a time zone. */
        @POST
        public FormValidation doCheckTimezone(@QueryParameter String value) {
            return FormAccess.required(value, given -> {
                try {
                    zone(given);
                    return null;
                } catch (IllegalArgumentException e) {
                    return "cannot be used: " + e.getMessage();
                }
            });
        }
    }
}
