package io.jenkins.plugins.gitops.world;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the API shows, apart from what the controller does: every application as it was last written, and who watches.
 * Reading never waits for a comparison with git.
 */
final class ApplicationStore {

    /** One version of an application. */
    record Version(
            String namespace,
            String name,
            String project,
            Map<String, String> labels,
            String repoUrl,
            long number,
            String json) {}

    /** What happened to an application, or to the stream: it fails, or breaks off where there is neither. */
    record Event(String type, Version version, ArgoCdApiError failure) {
        static final Event BREAK = new Event(null, null, null);

        static Event failure(ArgoCdApiError failure) {
            return new Event(null, null, failure);
        }
    }

    /** The events for one watcher, from the moment it began. */
    static final class Watch {
        private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

        /** Waits for the next event; returns nothing after the time. */
        Optional<Event> next(Duration longest) throws InterruptedException {
            return Optional.ofNullable(events.poll(longest.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    private final Map<String, Version> applications = new TreeMap<>();
    private final Map<String, ObjectNode> contents = new TreeMap<>();
    private final Queue<Watch> watches = new ConcurrentLinkedQueue<>();
    private final AtomicInteger lostEvents = new AtomicInteger();
    private Map<String, Version> frozen;
    private volatile boolean silent;
    private long number = 1000;

    /** Writes an application; an equal one changes nothing. */
    synchronized void write(ApplicationSpec spec, ObjectNode content) {
        String key = key(spec.namespace, spec.name);
        if (content.equals(contents.get(key))) {
            return;
        }
        contents.put(key, content.deepCopy());
        number++;
        content.withObject("metadata").put("resourceVersion", String.valueOf(number));
        var version = new Version(
                spec.namespace,
                spec.name,
                spec.project,
                Map.copyOf(spec.labels),
                spec.sources.get(0).repoUrl(),
                number,
                content.toString());
        tell(applications.put(key, version) == null ? "ADDED" : "MODIFIED", version);
    }

    synchronized void remove(ApplicationSpec spec) {
        String key = key(spec.namespace, spec.name);
        contents.remove(key);
        Version last = applications.remove(key);
        if (last != null) {
            number++;
            tell("DELETED", last);
        }
    }

    private void tell(String type, Version version) {
        if (!silent && !ArgoCdFaults.take(lostEvents)) {
            watches.forEach(watch -> watch.events.add(new Event(type, version, null)));
        }
    }

    synchronized Optional<Version> read(String namespace, String name) {
        return Optional.ofNullable(shown().get(key(namespace, name)));
    }

    /** All, by name. */
    synchronized List<Version> list() {
        return List.copyOf(shown().values());
    }

    synchronized long number() {
        return number;
    }

    /** Freezes what reads return, whatever is written afterwards, or ends that. */
    synchronized void freeze(boolean freeze) {
        frozen = freeze ? new TreeMap<>(applications) : null;
    }

    /** Starts a watch, with all applications as {@code ADDED} events, or with later events only. */
    synchronized Watch watch(boolean withAll) {
        var watch = new Watch();
        if (withAll) {
            applications.values().forEach(version -> watch.events.add(new Event("ADDED", version, null)));
        }
        watches.add(watch);
        return watch;
    }

    void forget(Watch watch) {
        watches.remove(watch);
    }

    int watches() {
        return watches.size();
    }

    /** Sends an event that is no change of an application to every watcher. */
    void tellAll(Event event) {
        watches.forEach(watch -> watch.events.add(event));
    }

    void loseEvents(int count) {
        lostEvents.set(count);
    }

    void silence(boolean silence) {
        silent = silence;
    }

    boolean isSilent() {
        return silent;
    }

    private Map<String, Version> shown() {
        return frozen == null ? applications : frozen;
    }

    private static String key(String namespace, String name) {
        return name + "\0" + namespace;
    }
}
