package io.jenkins.plugins.gitops.gates;

import hudson.model.Cause;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The cause of a build that verifies what a wave runs. */
@Restricted(NoExternalUse.class)
public final class VerificationCause extends Cause {

    private final String verification;
    private final String wave;
    private final String revision;

    VerificationCause(String verification, String wave, String revision) {
        this.verification = verification;
        this.wave = wave;
        this.revision = revision;
    }

    @Override
    public String getShortDescription() {
        return "GitOps Waves wants the verification " + verification + " of the set of " + revision + ", which " + wave
                + " runs";
    }
}
