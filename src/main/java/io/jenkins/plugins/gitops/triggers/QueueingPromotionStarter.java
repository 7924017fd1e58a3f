package io.jenkins.plugins.gitops.triggers;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Item;
import hudson.model.Job;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.configuration.base.JobParameters;
import io.jenkins.plugins.gitops.configuration.base.VisibleItems;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Queues builds of promotion jobs of this controller with the permissions of the present user. */
@Restricted(NoExternalUse.class)
public final class QueueingPromotionStarter implements PromotionBuildStarter {

    @Override
    public StartedBuild start(String name, PromotionJobParameters wanted) throws RequestRefused {
        // Looked up as the user, so that a job which the user may not see does not exist.
        Job<?, ?> job = VisibleItems.find(name, Job.class).orElse(null);
        if (job == null) {
            throw new RequestRefused("There is no job " + name
                    + " that you may see; it is the promotionJob of the wave " + wanted.wave() + ".");
        }
        if (!job.hasPermission(Item.BUILD)) {
            throw new RequestRefused("You may not build " + name + "; ask for the permission Job/Build on it.");
        }
        if (!job.isBuildable()) {
            throw new RequestRefused("The job " + name + " is disabled.");
        }
        Map<String, String> parameters = wanted.parameters();
        CauseAction cause = new CauseAction(new Cause.UserIdCause());
        if (ParameterizedJobMixIn.scheduleBuild2(job, 0, cause, JobParameters.of(job, parameters)) == null) {
            throw new RequestRefused("Jenkins takes no build of " + name + " now.");
        }
        return new StartedBuild(
                "A build of " + name + " is queued.",
                Optional.ofNullable(Jenkins.get().getRootUrl()).map(root -> root + job.getUrl()));
    }
}
