package io.jenkins.plugins.gitops.repo;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which build of which job wrote which service last, along a line of commits. It answers the question of spec
 * section 3.4: has a later build of the same job written this already?
 */
final class Writers {

    /** One who wrote, and the change it was. */
    record Writer(long number, String change) {}

    private record Place(String wave, String job, String service) {}

    /** Stands for all services of a wave, which a change that sets the whole set writes. */
    private static final String ALL = "*";

    private final Optional<Writers> base;
    private final Map<Place, Writer> latest = new HashMap<>();

    Writers() {
        this.base = Optional.empty();
    }

    private Writers(Writers base) {
        this.base = Optional.of(base);
    }

    /** These writers and more, without changing these. */
    Writers overlay() {
        return new Writers(this);
    }

    void add(ChangeTrailers change) {
        Order order = change.order();
        if (order == null) {
            return;
        }
        var writer = new Writer(order.number(), change.id());
        if (change.operation().setsAll()) {
            put(new Place(change.wave(), order.job(), ALL), writer);
        }
        change.services().forEach(service -> put(new Place(change.wave(), order.job(), service), writer));
    }

    private void put(Place place, Writer writer) {
        latest.merge(place, writer, Writers::later);
    }

    private static Writer later(Writer a, Writer b) {
        return a.number() >= b.number() ? a : b;
    }

    /** The later build of the job that wrote a service of a wave. */
    Optional<Writer> later(String wave, Order order, String service) {
        return find(new Place(wave, order.job(), service))
                .filter(writer -> writer.number() > order.number())
                .or(() -> laterWhole(wave, order));
    }

    /** The later build of the job that wrote the whole set of a wave. */
    Optional<Writer> laterWhole(String wave, Order order) {
        return find(new Place(wave, order.job(), ALL)).filter(writer -> writer.number() > order.number());
    }

    private Optional<Writer> find(Place place) {
        Optional<Writer> below = base.flatMap(writers -> writers.find(place));
        Writer own = latest.get(place);
        return own == null
                ? below
                : Optional.of(below.map(writer -> later(own, writer)).orElse(own));
    }
}
