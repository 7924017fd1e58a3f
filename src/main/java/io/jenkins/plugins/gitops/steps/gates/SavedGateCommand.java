package io.jenkins.plugins.gitops.steps.gates;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.delivery.StateCommand;
import io.jenkins.plugins.gitops.steps.base.SavedCommand;
import io.jenkins.plugins.gitops.steps.base.TargetRevision;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A command about verifications or rejected images, in the form that {@code program.dat} keeps.
 *
 * @param wave the wave with its set as a path, or null if images are accepted
 * @param name of the verification, or null for all
 * @param revision the config commit that was verified, or until it is found what names it; null for what the wave runs
 * @param passed whether the verification succeeded; null to have it done again
 * @param digests the digests of the images that are accepted
 * @param text the reason, or what was found
 * @param url where that can be read; may be empty
 * @param by the build, for people
 * @param at when it was requested, in milliseconds
 */
record SavedGateCommand(
        @CheckForNull String wave,
        @CheckForNull String name,
        @CheckForNull String revision,
        @CheckForNull Boolean passed,
        ArrayList<String> digests,
        String text,
        String url,
        String by,
        long at)
        implements SavedCommand {

    SavedGateCommand(
            @Nullable String wave,
            @Nullable String name,
            @Nullable String revision,
            @Nullable Boolean passed,
            ArrayList<String> digests,
            String text,
            String url,
            String by,
            long at) {
        this.wave = wave;
        this.name = name;
        this.revision = revision;
        this.passed = passed;
        this.digests = digests;
        this.text = text;
        this.url = url;
        this.by = by;
        this.at = at;
    }

    static SavedGateCommand report(
            WavePath path,
            String name,
            @Nullable String revision,
            boolean passed,
            String text,
            String url,
            String by,
            Instant now) {
        return new SavedGateCommand(
                path.toString(), name, revision, passed, new ArrayList<>(), text, url, by, now.toEpochMilli());
    }

    static SavedGateCommand repeat(WavePath path, @Nullable String name, String by, Instant now) {
        return new SavedGateCommand(
                path.toString(), name, null, null, new ArrayList<>(), "", "", by, now.toEpochMilli());
    }

    static SavedGateCommand accept(List<String> digests, String reason, String by, Instant now) {
        return new SavedGateCommand(
                null, null, null, null, new ArrayList<>(digests), reason, "", by, now.toEpochMilli());
    }

    @Override
    public Optional<String> namedRevision() {
        return Optional.ofNullable(revision).filter(given -> !TargetRevision.isCommit(given));
    }

    @Override
    public boolean mayBeReleaseOf(WavePath path) {
        return path.toString().equals(wave);
    }

    @Override
    public SavedGateCommand withRevision(String sha) {
        return new SavedGateCommand(wave, name, sha, passed, digests, text, url, by, at);
    }

    @Override
    public StateCommand toStateCommand() {
        Instant when = Instant.ofEpochMilli(at);
        String path = wave;
        if (path == null) {
            return new StateCommand.AcceptImages(digests, text, by, when);
        }
        Boolean result = passed;
        String verification = name;
        if (result == null || verification == null) {
            return new StateCommand.RepeatVerification(
                    WavePath.parse(path), Optional.ofNullable(verification), by, when);
        }
        return new StateCommand.ReportVerification(
                WavePath.parse(path), verification, Optional.ofNullable(revision), result, by, text, url, when);
    }

    @Override
    public RepositoryPower power() {
        return wave == null ? RepositoryPower.ACCEPT : RepositoryPower.VERIFY;
    }

    @Override
    public String[] waves() {
        String path = wave;
        return path == null ? new String[0] : new String[] {WavePath.parse(path).wave()};
    }

    @Override
    public String sentence(boolean written) {
        if (wave == null) {
            String what = String.join(", ", digests);
            return written
                    ? "Accepted " + what + (digests.size() == 1 ? ": it" : ": they") + " may be promoted again"
                    : "Nobody has rejected " + what + ", so there was nothing to take back";
        }
        if (passed == null && !written) {
            return "Nothing is verified again: for what " + wave + " runs, "
                    + (name == null ? "no verification with a job" : name) + " has ended yet";
        }
        return passed == null
                ? "What " + wave + " runs is verified again" + (name == null ? "" : " by " + name)
                : "Reported that " + name + (passed ? " succeeded" : " failed") + " for what " + wave + " runs";
    }
}
