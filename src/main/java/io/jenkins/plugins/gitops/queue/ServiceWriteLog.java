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
 * Which builds of which jobs wrote which services, along a line of commits. It answers the question of spec section
 * 3.4: has a later build of the same job written this already?
 *
 * <p>A higher number alone does not make a build the later one: numbers begin anew where a controller or a job was
 * lost. What was written before a build even began was not written by a later one, so each question says since when.
 */
final class ServiceWriteLog {

    /** One who wrote, when, and the change it was. */
    record Writer(long number, Instant when, String change) {}

    /** The last promotion into a wave: from what config commit, and the change it was. */
    record Promotion(String sourceWave, String sourceSha, String change, Instant when) {}

    private record Place(WavePath path, String job, String service) {}

    /** Stands for all services of a wave, which a change that sets the whole set writes. */
    private static final String ALL = "*";

    private final Optional<ServiceWriteLog> base;
    private final Map<Place, List<Writer>> writers = new HashMap<>();
    private final Map<WavePath, Promotion> promotions = new HashMap<>();

    ServiceWriteLog() {
        this.base = Optional.empty();
    }

    private ServiceWriteLog(ServiceWriteLog base) {
        this.base = Optional.of(base);
    }

    /** These writers and more, without changing these. */
    ServiceWriteLog overlay() {
        return new ServiceWriteLog(this);
    }

    void add(QueuedCommit commit) {
        commit.trailers().ifPresent(change -> add(change, commit.author().getWhenAsInstant()));
    }

    void add(ChangeTrailers change, Instant when) {
        String sourceWave = change.sourceWave();
        String sourceSha = change.sourceSha();
        if (change.operation() == ChangeOperation.PROMOTE && sourceWave != null && sourceSha != null) {
            promotions.put(change.wavePath(), new Promotion(sourceWave, sourceSha, change.id(), when));
        }
        BuildSequence order = change.order();
        if (order == null) {
            return;
        }
        var writer = new Writer(order.number(), when, change.id());
        if (change.operation().setsAll()) {
            put(new Place(change.wavePath(), order.job(), ALL), writer);
        }
        change.services().forEach(service -> put(new Place(change.wavePath(), order.job(), service), writer));
    }

    private void put(Place place, Writer writer) {
        writers.computeIfAbsent(place, key -> new ArrayList<>()).add(writer);
    }

    /** The later build of the job that wrote a service of a wave. */
    Optional<Writer> later(WavePath path, BuildSequence order, String service, Instant since) {
        return find(new Place(path, order.job(), service), order, since).or(() -> laterWhole(path, order, since));
    }

    /** The later build of the job that wrote the whole set of a wave. */
    Optional<Writer> laterWhole(WavePath path, BuildSequence order, Instant since) {
        return find(new Place(path, order.job(), ALL), order, since);
    }

    /** The last promotion into a wave. */
    Optional<Promotion> lastPromotion(WavePath path) {
        Promotion own = promotions.get(path);
        return own != null ? Optional.of(own) : base.flatMap(below -> below.lastPromotion(path));
    }

    private Optional<Writer> find(Place place, BuildSequence order, Instant since) {
        List<Writer> own = writers.getOrDefault(place, List.of());
        for (int i = own.size() - 1; i >= 0; i--) {
            Writer writer = own.get(i);
            if (writer.number() > order.number() && !writer.when().isBefore(since)) {
                return Optional.of(writer);
            }
        }
        return base.flatMap(below -> below.find(place, order, since));
    }
}
