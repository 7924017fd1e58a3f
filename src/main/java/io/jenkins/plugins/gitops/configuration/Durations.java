package io.jenkins.plugins.gitops.configuration;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Durations as people write them in forms, YAML and Jenkinsfiles: {@code 30s}, {@code 10m}, {@code 2h}, {@code 1d}. */
@Restricted(NoExternalUse.class)
public final class Durations {

    private static final Pattern FORM = Pattern.compile("(\\d{1,6})([smhd])");

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException with a sentence that names what was given and what is expected
     */
    public static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a duration; write a number and a unit, for example 30s, 10m, 2h or 1d.");
        }
        long amount = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
