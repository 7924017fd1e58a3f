package io.jenkins.plugins.gitops.steps.base;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.AbortException;
import io.jenkins.plugins.gitops.build.ChangeEntry;
import io.jenkins.plugins.gitops.build.DeliveryAction;
import io.jenkins.plugins.gitops.build.EntryState;
import io.jenkins.plugins.gitops.waves.WavePath;
import java.util.Optional;

/**
 * The config commit that a step is about: the one given, or where this build's change to the wave ended up on main.
 *
 * @param sha the commit, or null for whatever the wave runs now
 * @param superseded whether a newer set took the place of this build's, so that nothing is left to be done for it
 */
public record TargetRevision(@CheckForNull String sha, boolean superseded) {

    public TargetRevision(@Nullable String sha, boolean superseded) {
        this.sha = sha;
        this.superseded = superseded;
    }

    /**
     * Finds out which commit is meant.
     *
     * @param step how Jenkinsfiles call the step
     * @param given what they passed as {@code revision:}
     * @param writes where the step itself writes to, which says nothing of what it is about, or null
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
            return new TargetRevision(StepArguments.fullSha(given, "revision:"), false);
        }
        Optional<ChangeEntry> own = delivery.lastChange(repository, path)
                .or(() -> delivery.lastChange(repository)
                        .filter(change -> !change.wavePath().equals(writes)));
        if (own.isEmpty()) {
            return new TargetRevision(null, false);
        }
        ChangeEntry change = own.get();
        if (change.state() == EntryState.SUPERSEDED) {
            return new TargetRevision(null, true);
        }
        if (change.state() == EntryState.UNCHANGED) {
            return new TargetRevision(change.getSha(), false);
        }
        if (!change.isDelivered()) {
            throw new AbortException("The change " + change.getId() + " of this build is not on main of \"" + repository
                    + "\" (" + change.getState() + "); call waitForCiAndMerge before " + step
                    + ", or name a commit with revision:.");
        }
        return new TargetRevision(change.getMainSha(), false);
    }
}
