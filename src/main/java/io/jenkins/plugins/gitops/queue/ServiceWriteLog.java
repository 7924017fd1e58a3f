package io.jenkins.plugins.gitops.queue;

import io.jenkins.plugins.gitops.changes.BuildSequence;
import io.jenkins.plugins.gitops.changes.ChangeOperation;
import io.jenkins.plugins.gitops.changes.ChangeTrailers;
import io.jenkins.plugins.gitops.changes.QueuedCommit;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The builds that wrote each service, along a line of commits. Two builds of one job may arrive in the
 * wrong order: services that a later build of the same job has written are left out of an earlier build's change.
 *
 * <p>A higher number alone does not make a build the later one, since numbers begin anew where a controller or a job
 * was lost. A write from before a build began is never a later one, so each question names the time to begin with.
 */
final class ServiceWriteLog {

    /** One write: the number of its build, and when the change was made. */
    private record BuildWrite(long number, Instant when) {

        /** Whether this write makes the other irrelevant: its number is not higher, and it is not newer. */
        boolean covers(BuildWrite other) {
            return number >= other.number && !when.isBefore(other.when);
        }
    }

    /**
     * The last promotion into a wave.
     *
     * @param sourceSha the config commit whose set was promoted
     * @param change the id of the change
     */
    record Promotion(String sourceWave, String sourceSha, String change, Instant when) {}

    private record WriteKey(WavePath path, String job, String service) {}

    /** Stands for all services of a wave, which a change that sets the whole set writes. */
    private static final String ALL = "*";

    private final Optional<ServiceWriteLog> base;
    private final Map<WriteKey, List<BuildWrite>> writes = new HashMap<>();
    private final Map<WavePath, Promotion> promotions = new HashMap<>();
    private final AppCommitLog deliveries;

    ServiceWriteLog() {
        this.base = Optional.empty();
        this.deliveries = new AppCommitLog();
    }

    private ServiceWriteLog(ServiceWriteLog base) {
        this.base = Optional.of(base);
        this.deliveries = base.deliveries.overlay();
    }

    /** A log that begins with these writes and can be added to without changing this one. */
    ServiceWriteLog overlay() {
        return new ServiceWriteLog(this);
    }

    void add(QueuedCommit commit) {
        commit.trailers().ifPresent(change -> add(change, commit.author().getWhenAsInstant()));
    }

    void add(ChangeTrailers change, Instant when) {
        Optional<String> wave = change.sourceWave();
        Optional<String> sha = change.sourceSha();
        if (change.operation() == ChangeOperation.PROMOTE && wave.isPresent() && sha.isPresent()) {
            promotions.put(change.wavePath(), new Promotion(wave.get(), sha.get(), change.id(), when));
        }
        change.order().ifPresent(order -> add(change, order, when));
        deliveries.add(change);
    }

    /** What was delivered of which application, by the same changes. */
    AppCommitLog deliveries() {
        return deliveries;
    }

    private void add(ChangeTrailers change, BuildSequence order, Instant when) {
        var write = new BuildWrite(order.number(), when);
        if (change.operation().setsAll()) {
            put(new WriteKey(change.wavePath(), order.job(), ALL), write);
        }
        change.services().forEach(service -> put(new WriteKey(change.wavePath(), order.job(), service), write));
    }

    /** Keeps a write and forgets those it covers: of builds that came in their order only the newest is kept. */
    private void put(WriteKey key, BuildWrite write) {
        List<BuildWrite> known = writes.computeIfAbsent(key, created -> new ArrayList<>(1));
        if (known.stream().noneMatch(earlier -> earlier.covers(write))) {
            known.removeIf(write::covers);
            known.add(write);
        }
    }

    /** Whether a later build of the job has written a service of a wave. */
    boolean hasLater(WavePath path, BuildSequence order, String service, Instant since) {
        return find(new WriteKey(path, order.job(), service), order, since) || hasLaterWhole(path, order, since);
    }

    /** Whether a later build of the job has written the whole set of a wave. */
    boolean hasLaterWhole(WavePath path, BuildSequence order, Instant since) {
        return find(new WriteKey(path, order.job(), ALL), order, since);
    }

    /** The last promotion into a wave. */
    Optional<Promotion> lastPromotion(WavePath path) {
        Promotion own = promotions.get(path);
        return own != null ? Optional.of(own) : base.flatMap(below -> below.lastPromotion(path));
    }

    private boolean find(WriteKey key, BuildSequence order, Instant since) {
        return writes.getOrDefault(key, List.of()).stream()
                        .anyMatch(write ->
                                write.number() > order.number() && !write.when().isBefore(since))
                || base.filter(below -> below.find(key, order, since)).isPresent();
    }
}
