package sandbox.runner;

import hudson.AbortException;
import java.util.List;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks schedules of triggers by the syntax that a controller takes; nothing is scheduled here. */
final class CronSchedule {
    private static final List<String> ALIASES =
            List.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");
    private static final Pattern PART = Pattern.compile(
            "(?:\\*|H(?:\\(([0-9]{1,4})-([0-9]{1,4})\\))?|([0-9]{1,4})(?:-([0-9]{1,4}))?)(?:/([0-9]+))?");
    private static final String ZONE = "TZ=";

    /** A field; Jenkins takes no names of months or days. */
    private record Field(String name, int min, int max) {}

    private static final List<Field> FIELDS = List.of(
            new Field("minute", 0, 59),
            new Field("hour", 0, 23),
            new Field("day of the month", 1, 31),
            new Field("month", 1, 12),
            new Field("day of the week", 0, 7));

    private CronSchedule() {}

    /** Refuses a schedule that a controller would refuse, with a sentence that names the field. */
    static void check(String what, String schedule) throws AbortException {
        for (String line : schedule.lines().map(String::strip).toList()) {
            if (line.isEmpty() || line.startsWith("#") || isZone(what, line) || ALIASES.contains(line)) {
                continue;
            }
            String[] fields = line.split("\\s+");
            if (fields.length != FIELDS.size()) {
                throw new AbortException(
                        what + ": '" + line + "' does not have the five fields of cron: write minute, hour,"
                                + " day of the month, month and day of the week, such as H 9 * * 1-5.");
            }
            for (int i = 0; i < fields.length; i++) {
                for (String part : fields[i].split(",", -1)) {
                    check(what, FIELDS.get(i), part);
                }
            }
        }
    }

    private static boolean isZone(String what, String line) throws AbortException {
        if (!line.startsWith(ZONE)) {
            return false;
        }
        String zone = line.substring(ZONE.length()).strip();
        if (!List.of(TimeZone.getAvailableIDs()).contains(zone)) {
            throw new AbortException(
                    what + ": '" + zone + "' is not a time zone: write its name, such as Europe/Berlin or UTC.");
        }
        return true;
    }

    private static void check(String what, Field field, String part) throws AbortException {
        Matcher parts = PART.matcher(part);
        boolean valid =
                parts.matches() && (parts.group(5) == null || !parts.group(5).matches("0+"));
        if (valid && parts.group(1) != null) {
            valid = inOrder(field, parts.group(1), parts.group(2));
        } else if (valid && parts.group(3) != null) {
            valid = inOrder(field, parts.group(3), parts.group(4) == null ? parts.group(3) : parts.group(4));
        }
        if (!valid) {
            throw new AbortException(what + ": '" + part + "' cannot be used as the " + field.name() + ": write "
                    + field.min() + " to " + field.max() + ", lists (1,3), ranges (1-4), steps (*/2), * or H.");
        }
    }

    private static boolean inOrder(Field field, String first, String last) {
        int from = Integer.parseInt(first);
        int to = Integer.parseInt(last);
        return from >= field.min() && from <= to && to <= field.max();
    }
}
