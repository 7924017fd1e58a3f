package io.jenkins.plugins.gitops.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.common.AtomicFile;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The times in which this controller was down, so that they do not count against timeouts. While Jenkins runs, the
 * time is written to a file every {@link #BEAT}; at the next start the time since the last entry is a downtime. So is
 * a gap between two beats: the process stood still, as that of a suspended virtual machine, or the clock was put
 * forward. The file has {@code {"alive": TIME, "downtimes": [{"from": TIME, "until": TIME}]}}, with times as in
 * ISO 8601. If it cannot be read or written, no downtime is known.
 */
final class ControllerUptime {

    /** The interval at which the time is written; so much of a downtime can be missing after a kill. */
    static final Duration BEAT = Duration.ofSeconds(10);

    /** The least time without a beat that is a downtime, and not the delay of a busy machine. */
    static final Duration GAP = Duration.ofSeconds(60);

    private static final Logger LOGGER = Logger.getLogger(ControllerUptime.class.getName());

    /** No wait is as old as so many starts. */
    private static final int CAPACITY = 200;

    private final Supplier<Path> file;
    private final Supplier<Clock> clock;
    private final List<Downtime> downtimes = new ArrayList<>();

    /** The time at which Jenkins was known to run last; null before the start. */
    @CheckForNull
    private Instant alive;

    private boolean failing;

    /** A time in which Jenkins did not run. */
    private record Downtime(Instant from, Instant until) {

        Duration since(Instant begin) {
            Instant from = this.from.isAfter(begin) ? this.from : begin;
            return from.isBefore(until) ? Duration.between(from, until) : Duration.ZERO;
        }
    }

    ControllerUptime(Supplier<Path> file, Supplier<Clock> clock) {
        this.file = file;
        this.clock = clock;
    }

    /** Whether it is written that Jenkins has run before. */
    boolean isKnown() {
        return Files.exists(file.get());
    }

    /** Jenkins has started; the time since the last entry in the file was a downtime. */
    synchronized void start() {
        Instant now = clock.get().instant();
        alive = now;
        downtimes.clear();
        if (Files.exists(file.get())) {
            load(now);
        }
        beat();
    }

    /** Finds out whether Jenkins has stood still since it was known to run last. */
    private void look() {
        Instant now = clock.get().instant();
        if (alive != null && now.isAfter(alive.plus(GAP))) {
            add(alive, now);
        } else if (alive != null && now.isBefore(alive)) {
            // The clock was put back: what it had skipped before was no downtime.
            downtimes.removeIf(each -> each.until.isAfter(now));
        }
        alive = now;
    }

    private void add(Instant from, Instant until) {
        downtimes.add(new Downtime(from, until));
        while (downtimes.size() > CAPACITY) {
            downtimes.remove(0);
        }
    }

    private void load(Instant now) {
        try {
            JsonNode root = Json.parseStored(Files.readAllBytes(file.get()));
            for (JsonNode each : root.path("downtimes")) {
                add(instant(each.path("from")), instant(each.path("until")));
            }
            Instant stopped = instant(root.path("alive"));
            if (stopped.isBefore(now)) {
                add(stopped, now);
            }
        } catch (IOException | MalformedJsonException | DateTimeException e) {
            LOGGER.log(
                    Level.WARNING,
                    "How long Jenkins was down is not known, since this cannot be read: " + file.get(),
                    e);
        }
    }

    private static Instant instant(JsonNode time) {
        return Instant.parse(time.asText());
    }

    /** Writes that Jenkins runs now. */
    synchronized void beat() {
        look();
        ObjectNode root = Json.object();
        root.put("alive", String.valueOf(alive));
        ArrayNode known = root.putArray("downtimes");
        downtimes.forEach(
                each -> known.addObject().put("from", each.from.toString()).put("until", each.until.toString()));
        try {
            AtomicFile.write(file.get(), Json.write(root));
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOGGER.log(
                        Level.WARNING,
                        "A downtime of Jenkins will count against timeouts, since this cannot be written: "
                                + file.get(),
                        e);
            }
            failing = true;
        }
    }

    /** The time for which Jenkins was down since a time. */
    synchronized Duration downSince(Instant time) {
        look();
        return downtimes.stream().map(each -> each.since(time)).reduce(Duration.ZERO, Duration::plus);
    }

    /** The end of the last downtime; empty if none is known. */
    synchronized Optional<Instant> lastDowntimeEnd() {
        look();
        return downtimes.stream().map(Downtime::until).max(Comparator.naturalOrder());
    }
}
