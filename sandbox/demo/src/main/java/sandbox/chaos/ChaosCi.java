package sandbox.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The CI of the config repository. It reports each commit after a random delay, some of them twice, first as pending or
 * error, or more than ten seconds late.
 */
final class ChaosCi {
    private final ChaosRepository repository;
    private final List<ServeProcess> controllers;
    private final Random random;
    private final Set<String> seen = new HashSet<>();
    private final List<Report> due = new ArrayList<>();
    private final Set<String> green = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> red = new ConcurrentHashMap<>();
    private final Map<String, Integer> told = new HashMap<>();
    private volatile boolean hurry;

    private record Report(long at, String sha, String state, int run) {}

    ChaosCi(ChaosRepository repository, List<ServeProcess> controllers, long seed) {
        this.repository = repository;
        this.controllers = controllers;
        this.random = new Random(seed);
    }

    /** From now on each report is sent without its delay. */
    void hurry() {
        hurry = true;
    }

    /** The commits for which a green report was sent. */
    Set<String> green() {
        return green;
    }

    /** The commits whose red report was answered with 202, with the time of that answer in seconds since the epoch. */
    Map<String, Long> red() {
        return red;
    }

    Map<String, Integer> told() {
        return told;
    }

    /** Plans reports of new commits and sends those that are due. */
    void step() throws InterruptedException {
        Set<String> present = repository.tested();
        for (String sha : present) {
            if (seen.add(sha)) {
                plan(sha);
            }
        }
        for (Report report : List.copyOf(due)) {
            if (hurry || report.at <= System.currentTimeMillis()) {
                due.remove(report);
                send(report);
            }
        }
    }

    private void plan(String sha) {
        long now = System.currentTimeMillis();
        String state = repository.isBad(sha) ? "failure" : "success";
        long takes = 200 + random.nextInt(2500);
        switch (random.nextInt(10)) {
            case 0 -> {
                due.add(new Report(now, sha, "pending", 1));
                due.add(new Report(now + takes, sha, state, 2));
            }
            case 1 -> {
                due.add(new Report(now + takes, sha, state, 1));
                due.add(new Report(now + 2 * takes, sha, state, 2));
            }
            case 2 -> due.add(new Report(now + 10_000 + takes, sha, state, 1));
            case 3 -> {
                due.add(new Report(now + takes, sha, "error", 1));
                due.add(new Report(now + 2 * takes, sha, state, 2));
            }
            default -> due.add(new Report(now + takes, sha, state, 1));
        }
    }

    private void send(Report report) throws InterruptedException {
        if (report.state.equals("success")) {
            green.add(report.sha);
        }
        String body = "{\"sha\": \"%s\", \"context\": \"ci/check\", \"state\": \"%s\", \"run\": %d}"
                .formatted(report.sha, report.state, report.run);
        String id = "ci-" + report.sha.substring(0, 20) + "-" + report.run;
        int status =
                controllers.get(random.nextInt(controllers.size())).post("status/cfg-app", "for-reporters", id, body);
        if (status == 202 && report.state.equals("failure")) {
            red.putIfAbsent(report.sha, System.currentTimeMillis() / 1000);
        }
        told.merge(report.state + " " + (status == 202 ? "taken" : "not taken"), 1, Integer::sum);
        if (status != 202
                && !repository.lines("branch", "--contains", report.sha).isEmpty()) {
            due.add(new Report(System.currentTimeMillis() + 1000, report.sha, report.state, report.run));
        }
    }
}
