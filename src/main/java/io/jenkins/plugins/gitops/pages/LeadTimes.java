package io.jenkins.plugins.gitops.pages;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.RolloutEntry;
import io.jenkins.plugins.gitops.common.Json;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** How long the last builds of a job took from their commit to each wave, from what is kept with the builds. */
@Restricted(NoExternalUse.class)
public final class LeadTimes {

    /** So many builds are read, if the job has them. */
    static final int BUILDS = 100;

    private static final int DAYS = 30;

    private final List<Row> rows = new ArrayList<>();
    private final Set<String> waves = new LinkedHashSet<>();

    /** Reads the last builds of a job. */
    static LeadTimes of(Job<?, ?> job) {
        LeadTimes times = new LeadTimes();
        Run<?, ?> run = job.getLastBuild();
        for (int read = 0; run != null && read < BUILDS; read++) {
            DeliveryAction delivery = run.getAction(DeliveryAction.class);
            if (delivery != null) {
                times.add(run.getDisplayName(), run.getNumber(), delivery);
            }
            run = run.getPreviousBuild();
        }
        return times;
    }

    /** Takes in a build that is older than all before it, if it reached a wave. */
    void add(String name, int number, DeliveryAction delivery) {
        Row row = new Row(name, number);
        delivery.getRollouts().stream()
                .filter(RolloutEntry::isDelivered)
                .sorted(Comparator.comparingLong(RolloutEntry::getEnded))
                .forEach(rollout -> committed(delivery, rollout)
                        .ifPresent(since -> row.reached.put(
                                rollout.getWave(), new Reached(rollout.getEnded(), rollout.getEnded() - since))));
        if (!row.reached.isEmpty()) {
            rows.add(row);
            waves.addAll(row.reached.keySet());
        }
    }

    /** When the build made the first change that could be what was rolled out, in milliseconds. */
    private static Optional<Long> committed(DeliveryAction delivery, RolloutEntry rollout) {
        return delivery.getChanges().stream()
                .filter(change -> change.isMerged()
                        && change.getRepository().equals(rollout.getRepository())
                        && change.getSince() <= rollout.getEnded())
                .map(ChangeEntry::getSince)
                .min(Comparator.naturalOrder());
    }

    /** The builds that reached a wave, newest first. */
    public List<Row> getRows() { // jelly access only
        return rows;
    }

    /** The waves that were reached. */
    public Set<String> getWaves() { // jelly access only
        return waves;
    }

    /**
     * What the plots show: how many seconds each build took, oldest first, and how often each wave was reached on each of
     * the last days.
     */
    String toJson(Instant now, ZoneId zone) {
        ObjectNode root = Json.object();
        ArrayNode names = root.putArray("waves");
        waves.forEach(names::add);
        ArrayNode builds = root.putArray("builds");
        for (int i = rows.size() - 1; i >= 0; i--) {
            Row row = rows.get(i);
            ObjectNode seconds = builds.addObject().put("name", row.name).putObject("seconds");
            row.reached.forEach((wave, reached) -> seconds.put(wave, reached.took / 1000));
        }
        ArrayNode days = root.putArray("days");
        perDay(now, zone).forEach((day, reached) -> {
            ObjectNode times = days.addObject().put("day", day.toString()).putObject("deployments");
            reached.forEach(times::put);
        });
        return Json.write(root);
    }

    private Map<LocalDate, Map<String, Integer>> perDay(Instant now, ZoneId zone) {
        Map<LocalDate, Map<String, Integer>> days = new TreeMap<>();
        LocalDate today = now.atZone(zone).toLocalDate();
        for (int back = 0; back < DAYS; back++) {
            days.put(today.minusDays(back), new TreeMap<>());
        }
        for (Row row : rows) {
            row.reached.forEach((wave, reached) -> {
                LocalDate day = Instant.ofEpochMilli(reached.at).atZone(zone).toLocalDate();
                days.computeIfPresent(day, (key, times) -> {
                    times.merge(wave, 1, Integer::sum);
                    return times;
                });
            });
        }
        return days;
    }

    /** When a wave was reached, and how long after the commit, both in milliseconds. */
    private record Reached(long at, long took) {}

    /** One build. */
    @Restricted(NoExternalUse.class)
    public static final class Row {

        private final String name;
        private final int number;
        private final Map<String, Reached> reached = new LinkedHashMap<>();

        Row(String name, int number) {
            this.name = name;
            this.number = number;
        }

        public String getName() { // jelly access only
            return name;
        }

        public int getNumber() { // jelly access only
            return number;
        }

        /** When it reached the last of its waves. */
        public Date getAt() { // jelly access only
            return new Date(
                    reached.values().stream().mapToLong(Reached::at).max().orElse(0));
        }

        /** How long it took to a wave, or null if it was not seen to reach it. */
        @CheckForNull
        public String took(String wave) { // jelly access only
            Reached there = reached.get(wave);
            return there == null ? null : Util.getTimeSpanString(there.took);
        }
    }
}
