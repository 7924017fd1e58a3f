package io.jenkins.plugins.gitops.triggers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Cause;
import io.jenkins.plugins.gitops.common.CommitSha;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The cause of a build that an announcement of images triggered. */
@Restricted(NoExternalUse.class)
public final class ImagesAnnouncedCause extends Cause {

    private final String repository;
    private final String services;

    @CheckForNull
    private final String appSha;

    ImagesAnnouncedCause(ImageAnnouncement announced) {
        this.repository = announced.repository();
        this.services = String.join(", ", announced.images().images().keySet());
        this.appSha = announced.appSha().orElse(null);
    }

    @Override
    public String getShortDescription() {
        return appSha == null
                ? Messages.ImagesAnnouncedCause_Images(services, repository)
                : Messages.ImagesAnnouncedCause_ImagesOf(services, CommitSha.abbreviate(appSha), repository);
    }
}
