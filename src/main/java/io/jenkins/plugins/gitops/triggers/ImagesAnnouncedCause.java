package io.jenkins.plugins.gitops.triggers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Cause;
import io.jenkins.plugins.gitops.common.CommitSha;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Says of a build that it was started by images that were announced. */
@Restricted(NoExternalUse.class)
public final class ImagesAnnouncedCause extends Cause {

    private final String repository;
    private final String services;

    @CheckForNull
    private final String appSha;

    ImagesAnnouncedCause(AnnouncedImages announced) {
        this.repository = announced.repository();
        this.services = String.join(", ", announced.images().images().keySet());
        this.appSha = announced.appSha();
    }

    @Override
    public String getShortDescription() {
        return appSha == null
                ? Messages.ImagesAnnouncedCause_Images(services, repository)
                : Messages.ImagesAnnouncedCause_ImagesOf(services, CommitSha.abbreviate(appSha), repository);
    }
}
