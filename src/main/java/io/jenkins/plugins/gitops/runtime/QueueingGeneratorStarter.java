package io.jenkins.plugins.gitops.runtime;

import hudson.model.CauseAction;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.configuration.JobAuthorization;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.configuration.base.VisibleItems;
import java.util.List;
import java.util.Optional;
import jenkins.model.ParameterizedJobMixIn;

/** Queues builds of the generators of this controller. */
final class QueueingGeneratorStarter implements GeneratorBuildStarter {

    /** The number of newest builds among which running ones are looked for. */
    private static final int SEARCHED_BUILDS = 20;

    @Override
    public void start(RepositoryDefinition repository, String name) throws RequestRefused {
        Job<?, ?> job = VisibleItems.findAsController(name, Job.class)
                .orElseThrow(() -> new RequestRefused(
                        "There is no job \"" + name + "\"; an administrator creates it, or corrects the generator of"
                                + " the repository " + repository.getName() + "."));
        Optional<String> refusal = JobAuthorization.of(repository, job).refusal(RepositoryPower.GENERATE, List.of());
        if (refusal.isPresent()) {
            throw new RequestRefused(refusal.get());
        }
        if (!job.isBuildable()) {
            throw new RequestRefused("The job \"" + name + "\", which generates for " + repository.getName()
                    + ", is disabled; enable it.");
        }
        if (job.isInQueue() || isBuilding(job)) {
            return;
        }
        String wanting = String.valueOf(repository.getName());
        var cause = new CauseAction(new GenerationCause(wanting));
        if (ParameterizedJobMixIn.scheduleBuild2(job, 0, cause, new GenerationAction(wanting)) == null) {
            throw new RequestRefused("Jenkins takes no build of \"" + name + "\" now.");
        }
    }

    private static boolean isBuilding(Job<?, ?> job) {
        Run<?, ?> build = job.getLastBuild();
        for (int searched = 0; build != null && searched < SEARCHED_BUILDS; searched++) {
            if (build.isBuilding()) {
                return true;
            }
            build = build.getPreviousBuild();
        }
        return false;
    }
}
