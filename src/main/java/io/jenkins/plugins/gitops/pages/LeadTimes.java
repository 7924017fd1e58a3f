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

/** The times that the last builds of a job took from their commit to each wave, read from the builds. */
@Restricted(NoExternalUse.class)
public final class LeadTimes {

    /** The greatest number of builds that are read. */
    static final int BUILDS = 100;

    private static final int DAYS = 30;

    private final List<BuildLeadTimes> builds = new ArrayList<>();
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

    /** Adds a build that is older than all that were added before; one that reached no wave is left out. */
    void add(String name, int number, DeliveryAction delivery) {
        BuildLeadTimes build = new BuildLeadTimes(name, number);
        delivery.getRollouts().stream()
                .filter(RolloutEntry::isDelivered)
                .sorted(Comparator.comparingLong(RolloutEntry::getEnded))
                .forEach(rollout -> committed(delivery, rollout)
                        .ifPresent(since -> build.deployments.put(
                                rollout.getWave(), new Deployment(rollout.getEnded(), rollout.getEnded() - since))));
        if (!build.deployments.isEmpty()) {
            builds.add(build);
            waves.addAll(build.deployments.keySet());
        }
    }

    /** The time at which the build made the first change that could be what was rolled out, in milliseconds. */
    private static Optional<Long> committed(DeliveryAction delivery, RolloutEntry rollout) {
        return delivery.getChanges().stream()
                .filter(change -> change.isMerged()
                        && change.getRepository().equals(rollout.getRepository())
                        && change.getSince() <= rollout.getEnded())
                .map(ChangeEntry::getSince)
                .min(Comparator.naturalOrder());
    }

    /** The builds that reached a wave, newest first. */
    public List<BuildLeadTimes> getBuilds() { // jelly access only
        return builds;
    }

    /** The waves that were reached. */
    public Set<String> getWaves() { // jelly access only
        return waves;
    }

    /**
     * The numbers of the plots as JSON: the seconds that each build took to each wave, oldest build first, and how
     * often each wave was reached on each of the last {@value #DAYS} days.
     */
    String toJson(Instant now, ZoneId zone) {
        ObjectNode root = Json.object();
        ArrayNode names = root.putArray("waves");
        waves.forEach(names::add);
        ArrayNode oldestFirst = root.putArray("builds");
        for (int i = builds.size() - 1; i >= 0; i--) {
            BuildLeadTimes build = builds.get(i);
            ObjectNode seconds = oldestFirst.addObject().put("name", build.name).putObject("seconds");
            build.deployments.forEach((wave, deployment) -> seconds.put(wave, deployment.leadTime / 1000));
        }
        ArrayNode days = root.putArray("days");
        deploymentsPerDay(now, zone).forEach((day, counts) -> {
            ObjectNode waveCounts = days.addObject().put("day", day.toString()).putObject("deployments");
            counts.forEach(waveCounts::put);
        });
        return Json.write(root);
    }

    private Map<LocalDate, Map<String, Integer>> deploymentsPerDay(Instant now, ZoneId zone) {
        Map<LocalDate, Map<String, Integer>> days = new TreeMap<>();
        LocalDate today = now.atZone(zone).toLocalDate();
        for (int back = 0; back < DAYS; back++) {
            days.put(today.minusDays(back), new TreeMap<>());
        }
        for (BuildLeadTimes build : builds) {
            build.deployments.forEach((wave, deployment) -> {
                LocalDate day = Instant.ofEpochMilli(deployment.at).atZone(zone).toLocalDate();
                days.computeIfPresent(day, (key, counts) -> {
                    counts.merge(wave, 1, Integer::sum);
                    return counts;
                });
            });
        }
        return days;
    }

    /**
     * The arrival of a build's images in a wave.
     *
     * @param at when the wave ran them, in milliseconds since the epoch
     * @param leadTime the time from the commit until then, in milliseconds
     */
    private record Deployment(long at, long leadTime) {}

    /** The lead times of one build. */
    @Restricted(NoExternalUse.class)
    public static final class BuildLeadTimes {

        private final String name;
        private final int number;
        private final Map<String, Deployment> deployments = new LinkedHashMap<>();

        BuildLeadTimes(String name, int number) {
            this.name = name;
            this.number = number;
        }

        public String getName() { // jelly access only
            return name;
        }

        public int getNumber() { // jelly access only
            return number;
        }

        /** The time at which the last of the waves ran its images. */
        public Date getLastDeployment() { // jelly access only
            return new Date(deployments.values().stream()
                    .mapToLong(Deployment::at)
                    .max()
                    .orElse(0));
        }

        /** The time that it took to a wave, as text, or null if it was not seen to reach it. */
        @CheckForNull
        public String leadTime(String wave) { // jelly access only
            Deployment there = deployments.get(wave);
            return there == null ? null : Util.getTimeSpanString(there.leadTime);
        }
    }
}
