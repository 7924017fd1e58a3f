package io.jenkins.plugins.gitops.triggers;

import hudson.model.CauseAction;
import hudson.model.Job;
import io.jenkins.plugins.gitops.configuration.JobAuthorization;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.events.WaveEvent;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Queues a build of each job of this controller whose trigger accepts the end of a change. */
@Restricted(NoExternalUse.class)
final class QueueingEndedChangeStarter implements EndedChangeStarter {

    private static final Logger LOGGER = Logger.getLogger(QueueingEndedChangeStarter.class.getName());

    @Override
    public void start(RepositoryDefinition repository, WaveEvent ended) {
        for (Job<?, ?> job : Jenkins.get().allItems(Job.class)) {
            ChangeEndedTrigger trigger = ParameterizedJobMixIn.getTrigger(job, ChangeEndedTrigger.class);
            if (trigger != null
                    && trigger.accepts(ended)
                    && job.isBuildable()
                    && JobAuthorization.of(repository, job).allows(RepositoryPower.READ)
                    && !queue(job, ended)) {
                LOGGER.warning("Jenkins takes no build of " + job.getFullName() + " now, which waits for the ends of"
                        + " changes.");
            }
        }
    }

    private static boolean queue(Job<?, ?> job, WaveEvent ended) {
        CauseAction cause = new CauseAction(new ChangeEndedCause(ended));
        return ParameterizedJobMixIn.scheduleBuild2(job, 0, cause, new EndedChangeAction(ended)) != null;
    }
}
