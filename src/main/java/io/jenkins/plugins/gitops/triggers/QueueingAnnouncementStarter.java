package io.jenkins.plugins.gitops.triggers;

import hudson.model.CauseAction;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.configuration.JobAuthorization;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Queues a build of each job of this controller whose trigger accepts an announcement. */
@Restricted(NoExternalUse.class)
public final class QueueingAnnouncementStarter implements AnnouncementBuildStarter {

    @Override
    public int start(RepositoryDefinition repository, ImageAnnouncement announced) {
        int started = 0;
        // The request has no authentication of a user, with which it would see no jobs.
        try (ACLContext system = ACL.as2(ACL.SYSTEM2)) {
            for (Job<?, ?> job : Jenkins.get().allItems(Job.class)) {
                if (accepts(job, repository, announced) && queue(job, announced)) {
                    started++;
                }
            }
        }
        if (started > 0) {
            // Otherwise Jenkins would save the queue up to a minute later.
            Queue.getInstance().save();
        }
        return started;
    }

    private static boolean accepts(Job<?, ?> job, RepositoryDefinition repository, ImageAnnouncement announced) {
        ImagesAnnouncedTrigger trigger = ParameterizedJobMixIn.getTrigger(job, ImagesAnnouncedTrigger.class);
        return trigger != null
                && trigger.accepts(announced)
                && job.isBuildable()
                && JobAuthorization.of(repository, job).allows(RepositoryPower.READ);
    }

    private static boolean queue(Job<?, ?> job, ImageAnnouncement announced) {
        CauseAction cause = new CauseAction(new ImagesAnnouncedCause(announced));
        return ParameterizedJobMixIn.scheduleBuild2(job, 0, cause, announced) != null;
    }
}
