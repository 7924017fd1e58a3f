package sandbox.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * The CI of the applications: it announces ever newer images of ten services. Some images fail CI; some announcements
 * are sent late or more than once.
 */
final class ChaosAnnouncer {
    private static final int SERVICES = 10;
    private static final int MOST_TRIES = 30;

    private final List<ServeProcess> controllers;
    private final Random random;
    private final List<Announcement> waiting = new ArrayList<>();
    private final Set<Long> accepted = new TreeSet<>();
    private final String run;
    private long number;
    private int refused;

    private record Announcement(long number, String service, boolean bad, int controller, int tries) {}

    ChaosAnnouncer(List<ServeProcess> controllers, long seed) {
        this.controllers = controllers;
        this.random = new Random(seed);
        this.run = Long.toHexString(seed);
    }

    /** The numbers of the announcements that were answered with 202. */
    Set<Long> accepted() {
        return accepted;
    }

    int refused() {
        return refused;
    }

    boolean isIdle() {
        return waiting.isEmpty();
    }

    /** The SHA of the application's commit with a number. */
    static String appSha(long number) {
        return "%040x".formatted(number);
    }

    void announce() {
        number++;
        String service = "service" + random.nextInt(SERVICES);
        var next = new Announcement(number, service, random.nextInt(12) == 0, random.nextInt(controllers.size()), 0);
        // One in five is sent before those that wait.
        waiting.add(random.nextInt(5) == 0 ? 0 : waiting.size(), next);
    }

    /**
     * Sends the waiting announcements. One that gets no answer, 429 or a server error is sent again by the next call,
     * with the same id to the same controller, up to 30 times.
     */
    void step() throws InterruptedException {
        for (Announcement next : List.copyOf(waiting)) {
            waiting.remove(next);
            String repository = "docker.example.com/" + next.service;
            String body = "{\"%s\": {\"Tag\": \"%s:%s%d\", \"Digest\": \"%s@sha256:%064x\"}}"
                    .formatted(next.service, repository, next.bad ? "bad" : "v", next.number, repository, next.number);
            String path = "images/cfg-app?appSha=" + appSha(next.number) + "&order=" + next.number;
            int status = controllers.get(next.controller).post(path, "for-images", run + "-" + next.number, body);
            if (status == 202) {
                accepted.add(next.number);
            } else if (next.tries < MOST_TRIES && (status == 0 || status == 429 || status >= 500)) {
                waiting.add(new Announcement(next.number, next.service, next.bad, next.controller, next.tries + 1));
            } else {
                refused++;
            }
        }
    }
}
