package io.jenkins.plugins.gitops.delivery;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.waves.Hold;
import java.time.Instant;
import java.util.List;

/** Something that people, or builds for them, have written into the state: no commit on main comes of it. */
public sealed interface StateCommand {

    /** Holds a wave: only rollbacks change it. */
    record HoldWave(String wave, Hold hold) implements StateCommand {}

    /**
     * Releases a held wave.
     *
     * @param reason the reason that a user gave, or null
     */
    record ReleaseWave(String wave, @CheckForNull String reason, String by) implements StateCommand {
        public ReleaseWave(String wave, @Nullable String reason, String by) {
            this.wave = wave;
            this.reason = reason;
            this.by = by;
        }

        /** Without a reason. */
        public ReleaseWave(String wave, String by) {
            this(wave, null, by);
        }
    }

    /**
     * Rejects images, so that they are never promoted again.
     *
     * @param digests {@code sha256:…}; empty if {@code revision} is given
     * @param revision a config commit whose new images, in all waves, are rejected; or null
     */
    record RejectImages(List<String> digests, @CheckForNull String revision, String reason, String by, Instant at)
            implements StateCommand {
        public RejectImages(List<String> digests, @Nullable String revision, String reason, String by, Instant at) {
            this.digests = List.copyOf(digests);
            this.revision = revision;
            this.reason = reason;
            this.by = by;
            this.at = at;
        }
    }
}
