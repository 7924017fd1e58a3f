package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.AbortException;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.EntryState;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.delivery.RepositoryState;
import io.jenkins.plugins.gitops.explain.ReleaseNames;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The config commit that a step refers to: the one given, or the one by which main has this build's change to the wave.
 *
 * @param sha the commit, or what names the given one, see {@link #commitOf}; empty for the one that the wave runs now
 * @param superseded whether a newer set took the place of this build's, so that nothing is left to be done for it
 * @param remark a sentence for the log that says whose the commit is; empty if it is this build's own
 */
public record TargetRevision(Optional<String> sha, boolean superseded, Optional<String> remark) {

    /** The first digits of a SHA, at least as many as git itself wants. */
    private static final Pattern ABBREVIATED = Pattern.compile("[0-9a-f]{4,39}");

    private static TargetRevision commit(@Nullable String sha, Optional<String> remark) {
        return new TargetRevision(Optional.ofNullable(sha), false, remark);
    }

    /** Whether a revision names its commit by itself; any other has to be looked up in the repository. */
    public static boolean isCommit(String given) {
        return CommitSha.isFull(given);
    }

    /**
     * The config commit that a revision names: a SHA, also its first digits, or a release, as the first of some waves had
     * it that did.
     *
     * @param paths the waves that may have had the release
     * @throws AbortException if it is none of these
     */
    public static String commitOf(String given, List<WavePath> paths, RepositoryState state) throws AbortException {
        if (isCommit(given)) {
            return given;
        }
        ReleaseNames names = ReleaseNames.of(state);
        try {
            for (WavePath path : paths) {
                Optional<String> known = names.commitOf(path, given);
                if (known.isPresent()) {
                    return known.get();
                }
            }
        } catch (IllegalArgumentException e) {
            throw new AbortException("revision: " + e.getMessage());
        }
        if (ABBREVIATED.matcher(given).matches()) {
            // A commit of main that brought no release is found by the driver, which has the commits.
            return given;
        }
        throw new AbortException("revision: " + ReleaseNames.unknown(given, paths));
    }

    /**
     * Finds the commit.
     *
     * @param step the name of the step in Jenkinsfiles
     * @param given the argument {@code revision:} of the step
     * @param writes the image set that the step itself writes, whose changes are left out, or null
     * @throws AbortException if this build's change is not on main
     */
    public static TargetRevision of(
            String step,
            @Nullable String given,
            DeliveryAction delivery,
            String repository,
            WavePath path,
            @Nullable WavePath writes)
            throws AbortException {
        if (given != null) {
            return commit(given, Optional.empty());
        }
        Optional<ChangeEntry> own = delivery.lastChange(repository, path)
                .or(() -> delivery.lastChange(repository)
                        .filter(change -> !change.wavePath().equals(writes)));
        if (own.isEmpty()) {
            return commit(null, Optional.empty());
        }
        ChangeEntry change = own.get();
        Optional<String> remark =
                delivery.originOf(change).map(origin -> "The change " + change.getId() + " is one of " + origin + ".");
        if (change.state() == EntryState.SUPERSEDED) {
            return new TargetRevision(Optional.empty(), true, remark);
        }
        if (change.state() == EntryState.UNCHANGED) {
            return commit(change.getSha(), remark);
        }
        if (!change.isDelivered()) {
            throw new AbortException("The change " + change.getId() + " of this build is not on main of \"" + repository
                    + "\" (" + change.getState() + "); call waitForCiAndMerge before " + step
                    + ", or name a commit with revision:.");
        }
        return commit(change.getMainSha(), remark);
    }
}
