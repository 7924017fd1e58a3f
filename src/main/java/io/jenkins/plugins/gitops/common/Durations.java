package io.jenkins.plugins.gitops.common;

import java.math.BigInteger;
import java.time.Duration;
import java.util.regex.Pattern;

/** Durations in the form of the configuration and of steps: {@code 30s}, {@code 10m}, {@code 2h}, {@code 1d}. */
public final class Durations {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,100})\\s*([smhd])");

    /** Longer ones are typing errors, and would lead out of the times that git and JSON know. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Durations() {}

    /** Whether a text has the form of a duration, of any length. */
    public static boolean hasForm(String text) {
        return FORM.matcher(text.strip()).matches();
    }

    /**
     * Parses a duration.
     *
     * @throws IllegalArgumentException with a sentence for users, if the text has another form or says over a hundred years
     */
    public static Duration parse(String text) {
        var matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text
                    + "\" is not a duration: write one whole number and s, m, h or d, such as 30s, 10m, 2h or 1d.");
        }
        Duration unit =
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(1);
                    case "m" -> Duration.ofMinutes(1);
                    case "h" -> Duration.ofHours(1);
                    default -> Duration.ofDays(1);
                };
        var number = new BigInteger(matcher.group(1));
        if (number.compareTo(BigInteger.valueOf(LONGEST.dividedBy(unit))) > 0) {
            throw new IllegalArgumentException("\"" + text + "\" is longer than a hundred years: write a shorter one.");
        }
        return unit.multipliedBy(number.longValueExact());
    }

    /** Returns the text of a duration, in whole seconds, in the largest unit that divides it. */
    public static String format(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds > 0 && seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds > 0 && seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds > 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
