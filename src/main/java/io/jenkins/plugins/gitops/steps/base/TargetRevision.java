package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.AbortException;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.EntryState;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.runtime.DriverRegistry;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The config commit that a step refers to: the one given, or the one by which main has this build's change to the wave.
 *
 * @param sha the commit; empty for the one that the wave runs now
 * @param superseded whether a newer set took the place of this build's, so that nothing is left to be done for it
 * @param remark a sentence for the log that says whose the commit is; empty if it is this build's own
 */
public record TargetRevision(Optional<String> sha, boolean superseded, Optional<String> remark) {

    /** The first digits of a SHA, at least as many as git itself wants. */
    private static final Pattern ABBREVIATED = Pattern.compile("[0-9a-f]{4,39}");

    private static TargetRevision commit(@Nullable String sha, Optional<String> remark) {
        return new TargetRevision(Optional.ofNullable(sha), false, remark);
    }

    /** The commit that a revision names: a SHA, or a release that the wave had. */
    private static TargetRevision named(String given, String repository, WavePath path) throws AbortException {
        if (CommitSha.isFull(given)) {
            return commit(given, Optional.empty());
        }
        try {
            Optional<String> known = DriverRegistry.get().findRelease(repository, path, given);
            if (known.isEmpty() && ABBREVIATED.matcher(given).matches()) {
                // A commit of main that brought no release is found by the driver, which has the commits.
                return commit(given, Optional.empty());
            }
            String sha = DriverRegistry.get().commitOfRelease(repository, path, given);
            return commit(
                    sha, Optional.of("The release " + given + " of " + path + " is the config commit " + sha + "."));
        } catch (IllegalArgumentException e) {
            throw new AbortException("revision: " + e.getMessage());
        }
    }

    /**
     * The config commit that a revision names: a SHA, also its first digits, or a release, as the first of some waves had
     * it that did.
     *
     * @param paths the waves that may have had the release
     * @throws AbortException if it is none of these
     */
    public static String commitOf(String given, String repository, List<WavePath> paths) throws AbortException {
        if (CommitSha.isFull(given)) {
            return given;
        }
        try {
            for (WavePath path : paths) {
                Optional<String> known = DriverRegistry.get().findRelease(repository, path, given);
                if (known.isPresent()) {
                    return known.get();
                }
            }
        } catch (IllegalArgumentException e) {
            throw new AbortException("revision: " + e.getMessage());
        }
        if (ABBREVIATED.matcher(given).matches()) {
            return given;
        }
        throw new AbortException("revision: \"" + SingleLine.excerpt(given) + "\" is not a release that "
                + paths.stream().map(WavePath::toString).collect(Collectors.joining(" or "))
                + " is known to have had; name the build of one (#5), the first digits of its application commit, or a"
                + " config commit.");
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
            return named(given, repository, path);
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
