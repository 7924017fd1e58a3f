package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.steps.base.SavedCommand;
import io.jenkins.plugins.gitops.steps.base.TargetRevision;
import io.jenkins.plugins.gitops.waves.Hold;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A command that changes the state of waves or images, in the form that {@code program.dat} keeps.
 *
 * @param wave the wave that is held or released, or null if images are rejected
 * @param digests the digests of the rejected images; empty if {@code revision} is given
 * @param revision the config commit whose images are rejected, or until it is found what names it; or null
 * @param reason the reason of a hold or rejection, or null for a release
 * @param until when a hold ends, in milliseconds, or 0
 * @param by the requester, for people
 * @param at when it was requested, in milliseconds
 */
record SavedStateCommand(
        @CheckForNull String wave,
        ArrayList<String> digests,
        @CheckForNull String revision,
        @CheckForNull String reason,
        long until,
        String by,
        long at)
        implements SavedCommand {

    SavedStateCommand(
            @Nullable String wave,
            ArrayList<String> digests,
            @Nullable String revision,
            @Nullable String reason,
            long until,
            String by,
            long at) {
        this.wave = wave;
        this.digests = digests;
        this.revision = revision;
        this.reason = reason;
        this.until = until;
        this.by = by;
        this.at = at;
    }

    static SavedStateCommand hold(String wave, String reason, @Nullable Instant until, String by, Instant now) {
        return new SavedStateCommand(
                wave,
                new ArrayList<>(),
                null,
                reason,
                until == null ? 0 : until.toEpochMilli(),
                by,
                now.toEpochMilli());
    }

    static SavedStateCommand release(String wave, String by, Instant now) {
        return new SavedStateCommand(wave, new ArrayList<>(), null, null, 0, by, now.toEpochMilli());
    }

    static SavedStateCommand reject(
            List<String> digests, @Nullable String revision, String reason, String by, Instant now) {
        return new SavedStateCommand(null, new ArrayList<>(digests), revision, reason, 0, by, now.toEpochMilli());
    }

    @Override
    public Optional<String> namedRevision() {
        return Optional.ofNullable(revision).filter(given -> !TargetRevision.isCommit(given));
    }

    @Override
    public SavedStateCommand withRevision(String sha) {
        return new SavedStateCommand(wave, digests, sha, reason, until, by, at);
    }

    @Override
    public StateCommand toStateCommand() {
        Instant when = Instant.ofEpochMilli(at);
        String why = reason;
        if (wave == null) {
            String stated = why == null ? "" : why;
            return revision == null
                    ? new StateCommand.RejectImages(digests, stated, by, when)
                    : new StateCommand.RejectRevision(revision, stated, by, when);
        }
        if (why == null) {
            return new StateCommand.ReleaseWave(wave, Optional.empty(), by);
        }
        Optional<Instant> end = until == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(until));
        return new StateCommand.HoldWave(wave, new Hold(by, why, when, end));
    }

    @Override
    public RepositoryPower power() {
        if (wave == null) {
            return RepositoryPower.REJECT;
        }
        return reason == null ? RepositoryPower.RELEASE : RepositoryPower.HOLD;
    }

    @Override
    public String[] waves() {
        return wave == null ? new String[0] : new String[] {wave};
    }

    @Override
    public String sentence(boolean written) {
        if (wave == null) {
            String what = revision == null ? String.join(", ", digests) : "the images that " + revision + " brought";
            return "Rejected " + what + (revision == null && digests.size() == 1 ? ": it is" : ": they are")
                    + " never promoted again";
        }
        if (reason == null) {
            return written
                    ? "Released the wave " + wave
                    : "Nobody holds the wave " + wave + ", so there was nothing to release";
        }
        return "Held the wave " + wave
                + (until == 0 ? " until it is released" : " until " + Instant.ofEpochMilli(until));
    }
}
