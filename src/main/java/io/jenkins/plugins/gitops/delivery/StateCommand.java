package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.waves.Hold;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A change of the state ref that a user or build requests. It creates no commit on main. */
public sealed interface StateCommand {

    /** Holds a wave: only rollbacks change it. */
    record HoldWave(String wave, Hold hold) implements StateCommand {}

    /**
     * Releases a held wave.
     *
     * @param reason the reason that a user gave; builds give none
     */
    record ReleaseWave(String wave, Optional<String> reason, String by) implements StateCommand {}

    /**
     * Rejects images, so that they are never promoted again.
     *
     * @param digests {@code sha256:…}
     */
    record RejectImages(List<String> digests, String reason, String by, Instant at) implements StateCommand {
        public RejectImages {
            digests = List.copyOf(digests);
        }
    }

    /**
     * Rejects what a config commit brought: the images, in all waves, that its parent does not have.
     *
     * @param revision the full SHA of the commit
     */
    record RejectRevision(String revision, String reason, String by, Instant at) implements StateCommand {}
}
