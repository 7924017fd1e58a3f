package io.jenkins.plugins.gitops.delivery;

import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.waves.Hold;
import io.jenkins.plugins.gitops.waves.VerificationResult;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A change of the state ref that is requested. It creates no commit on main. Words of people are kept as single lines:
 * as they are in the messages of commits, and as they are read back.
 */
public sealed interface StateCommand {

    /** Holds a wave: only rollbacks change it. */
    record HoldWave(String wave, Hold hold) implements StateCommand {}

    /**
     * Releases a held wave.
     *
     * @param reason the reason that a user gave; builds give none
     */
    record ReleaseWave(String wave, Optional<String> reason, String by) implements StateCommand {
        public ReleaseWave {
            reason = reason.map(SingleLine::whole);
            by = SingleLine.whole(by);
        }
    }

    /**
     * Rejects images, so that they are never promoted again.
     *
     * @param digests {@code sha256:…}
     */
    record RejectImages(List<String> digests, String reason, String by, Instant at) implements StateCommand {
        public RejectImages {
            digests = List.copyOf(digests);
            reason = SingleLine.whole(reason);
            by = SingleLine.whole(by);
        }
    }

    /**
     * Rejects what a config commit brought: the images, in all waves, that its parent does not have.
     *
     * @param revision the SHA of the commit, or its first digits
     */
    record RejectRevision(String revision, String reason, String by, Instant at) implements StateCommand {}

    /**
     * Takes the rejection of images back.
     *
     * @param digests {@code sha256:…}
     */
    record AcceptImages(List<String> digests, String reason, String by, Instant at) implements StateCommand {
        public AcceptImages {
            digests = List.copyOf(digests);
            reason = SingleLine.whole(reason);
            by = SingleLine.whole(by);
        }
    }

    /**
     * Approves a set for a wave.
     *
     * @param path the wave that it may be promoted into
     * @param revision a config commit, maybe abbreviated, in which a previous wave has the set
     * @param identity which set of that commit is meant, if that is known; previous waves may have several
     * @param by the id of the person
     * @param right the user or group of the configuration that lets the person approve; empty if everybody may
     */
    record ApproveSet(
            WavePath path,
            String revision,
            Optional<String> identity,
            String by,
            String right,
            String comment,
            Instant at)
            implements StateCommand {
        public ApproveSet {
            by = SingleLine.whole(by);
            right = SingleLine.whole(right);
            comment = SingleLine.whole(comment);
        }
    }

    /** Takes a person's own approval of a set back, which is named as in {@link ApproveSet}. */
    record WithdrawApproval(WavePath path, String revision, Optional<String> identity, String by)
            implements StateCommand {
        public WithdrawApproval {
            by = SingleLine.whole(by);
        }
    }

    /**
     * Takes the lease of a verification, before its job is started.
     *
     * @param path the wave that runs the set
     * @param run the verification as it will be, with the end of the lease
     */
    record StartVerification(WavePath path, VerificationResult run) implements StateCommand {}

    /**
     * Records how a run ended, that it cannot be started, or that its lease lasts longer. Has no effect if somebody else
     * runs it by now.
     *
     * @param run the verification as it is now: of the same attempt and controller as when it was started
     * @param broken whether a run that failed was ended before it had found anything
     */
    record EndVerification(WavePath path, VerificationResult run, boolean broken) implements StateCommand {

        /** The end of a run that has found what it says. */
        public EndVerification(WavePath path, VerificationResult run) {
            this(path, run, false);
        }
    }

    /**
     * Records the result of a verification that has no job.
     *
     * @param revision the config commit, maybe abbreviated, that was verified; empty for what the wave runs now
     * @param passed whether it succeeded
     * @param reason what was found; may be empty
     * @param url where that can be read; may be empty
     */
    record ReportVerification(
            WavePath path,
            String name,
            Optional<String> revision,
            boolean passed,
            String by,
            String reason,
            String url,
            Instant at)
            implements StateCommand {
        public ReportVerification {
            by = SingleLine.whole(by);
            reason = SingleLine.whole(reason);
        }
    }

    /**
     * Has verifications of what a wave runs done again.
     *
     * @param name of the verification; empty for all that have a job
     */
    record RepeatVerification(WavePath path, Optional<String> name, String by, Instant at) implements StateCommand {
        public RepeatVerification {
            by = SingleLine.whole(by);
        }
    }
}
