package io.jenkins.plugins.gitops.configuration;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.configuration.base.FieldRules;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.waves.PromotionWindow;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A recurring time window in which promotions into a wave are allowed, as configured. */
@Restricted(NoExternalUse.class)
public final class WindowDefinition implements Describable<WindowDefinition> {

    @CheckForNull
    private final String cron;

    @CheckForNull
    private final String duration;

    @CheckForNull
    private final String timezone;

    /**
     * Creates a window; {@link #toWindow()} validates the values.
     *
     * @param cron when the window opens, in the five fields of cron, without {@code H}
     * @param duration how long the window stays open
     * @param timezone of the cron fields, by its name in the time zone database
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
     * Converts the definition.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong and what to do
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
            String given = "/" + name.replace(' ', '_').replace('\\', '/').toLowerCase(Locale.ROOT);
            String same = ZoneId.getAvailableZoneIds().stream()
                    .filter(zone -> ("/" + zone).toLowerCase(Locale.ROOT).endsWith(given))
                    .sorted()
                    .findFirst()
                    .orElse("Europe/Berlin");
            throw new IllegalArgumentException(
                    "\"" + name + "\" is not a time zone: write its name, such as " + same + " or UTC.");
        }
    }

    /** The form of one window. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<WindowDefinition> {

        @Override
        public String getDisplayName() {
            return Messages.WindowDefinition_DisplayName();
        }

        /** Checks that the three values make a window. */
        @POST
        public FormValidation doCheckCron(
                @QueryParameter String value, @QueryParameter String duration, @QueryParameter String timezone) {
            return FormAccess.checkConversion(() -> new WindowDefinition(value, duration, timezone).toWindow());
        }

        /** Checks that this is a duration. */
        @POST
        public FormValidation doCheckDuration(@QueryParameter String value) {
            return FormAccess.checkRequired(value, FieldRules::duration);
        }

        /** Checks that there is such a time zone. */
        @POST
        public FormValidation doCheckTimezone(@QueryParameter String value) {
            return FormAccess.checkRequired(value, given -> {
                try {
                    zone(given);
                    return Optional.empty();
                } catch (IllegalArgumentException e) {
                    return Optional.of("cannot be used: " + e.getMessage());
                }
            });
        }
    }
}
