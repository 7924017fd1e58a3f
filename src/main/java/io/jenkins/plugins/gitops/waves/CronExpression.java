package io.jenkins.plugins.gitops.waves;

import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A schedule in the five fields of cron: minute, hour, day of the month, month, day of the week. As in Jenkins, a time
 * matches if all fields match, months and days of the week have names of three letters, and 7 is Sunday too. Unlike in
 * Jenkins there is no {@code H}, since a window opens at a time that people agreed on.
 */
final class CronExpression {

    private static final Pattern PART = Pattern.compile("(?:\\*|(\\w+)(?:-(\\w+))?)(?:/(\\d{1,4}))?");
    private static final Map<String, Integer> MONTHS =
            names(1, "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final Map<String, Integer> DAYS = names(0, "sun", "mon", "tue", "wed", "thu", "fri", "sat");

    private final BitSet months;
    private final BitSet daysOfMonth;
    private final BitSet daysOfWeek;
    private final List<LocalTime> times = new ArrayList<>();

    /**
     * Parses an expression.
     *
     * @throws IllegalArgumentException with a sentence for users that names the field
     */
    CronExpression(String expression) {
        String[] fields = expression.strip().split("\\s+");
        if (fields.length != 5) {
            throw new IllegalArgumentException("\"" + expression
                    + "\" does not have the five fields of cron: write minute, hour, day of the month, month and day of "
                    + "the week, such as 0 9 * * 1-4.");
        }
        BitSet minutes = field("minute", fields[0], 0, 59, Map.of());
        BitSet hours = field("hour", fields[1], 0, 23, Map.of());
        daysOfMonth = field("day of the month", fields[2], 1, 31, Map.of());
        months = field("month", fields[3], 1, 12, MONTHS);
        daysOfWeek = field("day of the week", fields[4], 0, 7, DAYS);
        if (daysOfWeek.get(7)) {
            daysOfWeek.set(0);
        }
        hours.stream().forEach(hour -> minutes.stream().forEach(minute -> times.add(LocalTime.of(hour, minute))));
    }

    private static Map<String, Integer> names(int first, String... names) {
        var numbers = new HashMap<String, Integer>();
        for (int i = 0; i < names.length; i++) {
            numbers.put(names[i], first + i);
        }
        return numbers;
    }

    private static BitSet field(String name, String text, int min, int max, Map<String, Integer> names) {
        var values = new BitSet();
        for (String part : text.split(",", -1)) {
            Matcher matcher = PART.matcher(part);
            if (!matcher.matches()) {
                throw refuse(name, part, min, max);
            }
            String first = matcher.group(1);
            String last = matcher.group(2);
            String step = matcher.group(3);
            int from = first == null ? min : value(name, part, first, min, max, names);
            int to = last != null
                    ? value(name, part, last, min, max, names)
                    : first == null || step != null ? max : from;
            int by = step == null ? 1 : Integer.parseInt(step);
            if (to < from || by == 0) {
                throw refuse(name, part, min, max);
            }
            for (int value = from; value <= to; value += by) {
                values.set(value);
            }
        }
        return values;
    }

    private static int value(String name, String part, String text, int min, int max, Map<String, Integer> names) {
        Integer named = names.get(text.toLowerCase(Locale.ROOT));
        int value = named != null ? named : text.matches("\\d{1,4}") ? Integer.parseInt(text) : -1;
        if (value < min || value > max) {
            throw refuse(name, part, min, max);
        }
        return value;
    }

    private static IllegalArgumentException refuse(String name, String part, int min, int max) {
        return new IllegalArgumentException("\"" + part + "\" cannot be used as the " + name + ": write numbers from "
                + min + " to " + max + ", lists (1,3), ranges (1-4), steps (*/2) or *"
                + (part.startsWith("H") ? "; H has no meaning here, since a window opens when you say it does." : "."));
    }

    /** Whether the expression matches any time of a day. */
    boolean matches(LocalDate day) {
        return months.get(day.getMonthValue())
                && daysOfMonth.get(day.getDayOfMonth())
                && daysOfWeek.get(day.getDayOfWeek().getValue() % 7);
    }

    /** The times of each matching day, ascending. */
    List<LocalTime> times() {
        return times;
    }
}
