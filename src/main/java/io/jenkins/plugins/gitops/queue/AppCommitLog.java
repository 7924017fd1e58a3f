package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The commits of applications that were delivered to the services of each wave, along a line of commits: whether one
 * would come again although something newer came since. Rollbacks are no deliveries, so that what was rolled back is
 * still the newest.
 */
public final class AppCommitLog {

    /** A change that delivered some services; the position is that among all deliveries of the line. */
    private record Delivery(Optional<String> appSha, String change, int position) {}

    private record OfCommit(WavePath path, String appSha) {}

    private record OfServices(Set<String> services, Delivery delivery) {}

    private record OfService(WavePath path, String service) {}

    /** Stands for all services of a wave. */
    private static final String ALL = "*";

    private final Optional<AppCommitLog> base;
    private final Map<OfCommit, List<OfServices>> byCommit = new HashMap<>();
    private final Map<OfService, Delivery> newest = new HashMap<>();

    /** The sets of services that occur, each once, since most changes of a repository have the same. */
    private final Map<Set<String>, Set<String>> sets = new HashMap<>();

    /** The number of changes of each wave that builds or announcers made. */
    private final Map<WavePath, Integer> mentions = new HashMap<>();

    /** Which of these, from 1, has set a service last. */
    private final Map<OfService, Integer> lastMentioned = new HashMap<>();

    private int size;

    AppCommitLog() {
        this.base = Optional.empty();
    }

    private AppCommitLog(AppCommitLog base) {
        this.base = Optional.of(base);
        this.size = base.size;
    }

    /** A log that begins with these deliveries and can be added to without changing this one. */
    AppCommitLog overlay() {
        return new AppCommitLog(this);
    }

    void add(ChangeTrailers change) {
        if (change.operation() == ChangeOperation.ROLLBACK) {
            return;
        }
        WavePath path = change.wavePath();
        var delivery = new Delivery(change.appSha(), change.id(), size++);
        Set<String> services = sets.computeIfAbsent(Set.copyOf(change.services()), same -> same);
        change.appSha()
                .ifPresent(sha -> byCommit.computeIfAbsent(new OfCommit(path, sha), created -> new ArrayList<>(1))
                        .add(new OfServices(services, delivery)));
        if (change.operation() != ChangeOperation.PROMOTE) {
            int mention = mentions.merge(path, 1, Integer::sum);
            services.forEach(service -> lastMentioned.put(new OfService(path, service), mention));
        }
        services.forEach(service -> newest.put(new OfService(path, service), delivery));
        if (change.operation().setsAll()) {
            newest.put(new OfService(path, ALL), delivery);
        }
    }

    /**
     * A commit of an application that would come again.
     *
     * @param before the change that delivered it
     * @param since the newest change that delivered something else to the same service
     * @param sinceAppSha the commit that this one delivered, if it is known
     */
    public record Repetition(WavePath path, String appSha, String before, String since, Optional<String> sinceAppSha) {

        /** Names both, a sentence without a full stop. */
        public String sentence() {
            return path + " had the app commit " + CommitSha.abbreviate(appSha) + " already (change " + before
                    + "), and newer since: "
                    + sinceAppSha.map(CommitSha::abbreviate).orElse("one without an app commit") + " (change " + since
                    + ")";
        }
    }

    /** Whether a commit was delivered to one of some services, and something else since. */
    Optional<Repetition> repetition(WavePath path, String appSha, Set<String> services) {
        List<OfServices> before = of(new OfCommit(path, appSha)).toList();
        for (String service : services) {
            Delivery last = newest(path, service);
            Optional<Delivery> own = before.stream()
                    .filter(delivered -> delivered.services().contains(service))
                    .map(OfServices::delivery)
                    .reduce((older, newer) -> older.position() > newer.position() ? older : newer);
            if (own.isPresent()
                    && last.position() > own.get().position()
                    && !last.appSha().equals(Optional.of(appSha))) {
                return Optional.of(new Repetition(path, appSha, own.get().change(), last.change(), last.appSha()));
            }
        }
        return Optional.empty();
    }

    /** The services of a wave that a change named which was no rollback. */
    Set<String> delivered(WavePath path, Set<String> services) {
        return services.stream()
                .filter(service -> find(new OfService(path, service)).findAny().isPresent())
                .collect(Collectors.toSet());
    }

    /**
     * The services that none of the last changes of builds or announcers has set; none if there were not so many.
     *
     * @param last how many changes are looked at
     */
    SortedSet<String> unmentioned(WavePath path, Set<String> services, int last) {
        int before = mentions.getOrDefault(path, 0) - last;
        var left = new TreeSet<String>();
        if (before >= 0) {
            services.stream()
                    .filter(service -> lastMentioned.getOrDefault(new OfService(path, service), 0) <= before)
                    .forEach(left::add);
        }
        return left;
    }

    private Stream<OfServices> of(OfCommit commit) {
        Stream<OfServices> own = byCommit.getOrDefault(commit, List.of()).stream();
        return base.map(below -> Stream.concat(below.of(commit), own)).orElse(own);
    }

    private Delivery newest(WavePath path, String service) {
        return Stream.concat(find(new OfService(path, service)), find(new OfService(path, ALL)))
                .reduce((one, other) -> one.position() > other.position() ? one : other)
                .orElse(new Delivery(Optional.empty(), "", -1));
    }

    private Stream<Delivery> find(OfService service) {
        Delivery own = newest.get(service);
        return own != null ? Stream.of(own) : base.stream().flatMap(below -> below.find(service));
    }
}
