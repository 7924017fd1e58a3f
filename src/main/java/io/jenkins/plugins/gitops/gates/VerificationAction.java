package io.jenkins.plugins.gitops.gates;

import hudson.model.InvisibleAction;
import hudson.model.Run;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Marks a build that was started to verify what a wave runs, by which it is found again after a restart. */
@Restricted(NoExternalUse.class)
public final class VerificationAction extends InvisibleAction {

    private final String key;

    /**
     * Marks the build of a run.
     *
     * @param key see {@link VerificationTask#key}
     */
    public VerificationAction(String key) {
        this.key = key;
    }

    static boolean isOn(Run<?, ?> run) {
        return run.getAction(VerificationAction.class) != null;
    }

    /** Whether a build is the one of the run with this key. */
    public static boolean isOn(Run<?, ?> run, String key) {
        VerificationAction action = run.getAction(VerificationAction.class);
        return action != null && action.key.equals(key);
    }
}
