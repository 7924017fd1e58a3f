package io.jenkins.plugins.gitops.triggers;

import hudson.model.Cause;
import io.jenkins.plugins.gitops.common.SingleLine;
import io.jenkins.plugins.gitops.events.WaveEvent;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The cause of a build that the end of a change triggered. */
@Restricted(NoExternalUse.class)
public final class ChangeEndedCause extends Cause {

    private final String repository;
    private final String outcome;
    private final String subject;

    ChangeEndedCause(WaveEvent ended) {
        this.repository = ended.repository();
        this.outcome = ended.type().toString();
        this.subject = SingleLine.excerpt(ended.fact("subject").orElse(""));
    }

    @Override
    public String getShortDescription() {
        return Messages.ChangeEndedCause_Ended(subject, repository, outcome);
    }
}
