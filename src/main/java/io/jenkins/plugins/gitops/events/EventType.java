package io.jenkins.plugins.gitops.events;

import java.util.Arrays;
import java.util.Optional;

/** The types of events. Their names are a part of the interface to receivers, so that they must not change. */
public enum EventType {
    /** A change was queued on the auto branch. */
    QUEUED("queued"),
    /** Main moved to a change. */
    MERGED("merged"),
    /** Main had the content of a change already. */
    SATISFIED("satisfied"),
    /** A newer change of the same origin took the place of a change. */
    SUPERSEDED("superseded"),
    /** A change was taken out of the queue. */
    EVICTED("evicted"),
    /** A change vanished from the auto branch. */
    LOST("lost"),
    /** A set was promoted into a wave: its change was merged. */
    PROMOTED("promoted"),
    /** All targets of a wave run another set. */
    DEPLOYED("deployed"),
    /** A target of a wave is degraded or broken. */
    UNWELL("unwell"),
    /** A verification of a set succeeded or failed. */
    VERIFIED("verified"),
    /** Somebody approved a set. */
    APPROVED("approved"),
    /** A wave was held. */
    HELD("held"),
    /** The hold of a wave was released. */
    RELEASED("released"),
    /** An image was rejected. */
    REJECTED("rejected"),
    /** Nothing was promoted into a wave for too long. */
    STARVED("starved"),
    /** A webhook of a forge misses changes. */
    HOOK_MISSING("hookMissing"),
    /** Somebody rewrote main. */
    MAIN_REWRITTEN("mainRewritten");

    private final String word;

    EventType(String word) {
        this.word = word;
    }

    /** The type of a name; empty if there is none. */
    public static Optional<EventType> of(String name) {
        return Arrays.stream(values()).filter(type -> type.word.equals(name)).findFirst();
    }

    @Override
    public String toString() {
        return word;
    }

    /** Whether a change has ended by it, for good. */
    public boolean endsChange() {
        return this == MERGED || this == SATISFIED || this == SUPERSEDED || this == EVICTED || this == LOST;
    }
}
