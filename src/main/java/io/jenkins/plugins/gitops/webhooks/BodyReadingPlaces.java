package io.jenkins.plugins.gitops.webhooks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Limits the number of request bodies that are read at the same time, in total and for each sender's address. A new
 * body always gets a place. If no place is free, the body that has received nothing for the longest time loses its
 * place: one of the same address if that address has all of its places, else one of the address with the most places.
 * So slow senders cannot block others.
 */
final class BodyReadingPlaces {

    static final int MAX = 64;

    static final int MAX_PER_ADDRESS = 16;

    private final LongSupplier nanos;
    private final List<Place> taken = new ArrayList<>();

    BodyReadingPlaces(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** The place of one body. */
    final class Place implements AutoCloseable {

        private final String address;
        private long lastPiece = nanos.getAsLong();

        private Place(String address) {
            this.address = address;
        }

        /** Records that a piece has been received; returns false if another body has taken the place. */
        boolean advance() {
            synchronized (BodyReadingPlaces.this) {
                lastPiece = nanos.getAsLong();
                return taken.contains(this);
            }
        }

        @Override
        public void close() {
            synchronized (BodyReadingPlaces.this) {
                taken.remove(this);
            }
        }
    }

    /** Takes a place for a body from an address. */
    synchronized Place take(String address) {
        Map<String, List<Place>> byAddress = taken.stream().collect(Collectors.groupingBy(place -> place.address));
        List<Place> own = byAddress.getOrDefault(address, List.of());
        if (own.size() >= MAX_PER_ADDRESS) {
            release(own);
        } else if (taken.size() >= MAX) {
            byAddress.values().stream().max(Comparator.comparingInt(List::size)).ifPresent(this::release);
        }
        Place place = new Place(address);
        taken.add(place);
        return place;
    }

    private void release(List<Place> places) {
        long now = nanos.getAsLong();
        places.stream()
                .max(Comparator.comparingLong(place -> now - place.lastPiece))
                .ifPresent(taken::remove);
    }
}
