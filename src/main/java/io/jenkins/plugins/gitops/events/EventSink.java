package io.jenkins.plugins.gitops.events;

import java.io.IOException;

/** Takes events, one after the other, on a thread that may block. */
public interface EventSink {

    /** Whether an event is for it; others are passed over. */
    boolean wants(WaveEvent event);

    /**
     * Takes an event.
     *
     * @throws IOException if it is to be told again later, with a sentence
     */
    void deliver(WaveEvent event) throws IOException;

    /** The name of the sink, for messages. */
    @Override
    String toString();
}
