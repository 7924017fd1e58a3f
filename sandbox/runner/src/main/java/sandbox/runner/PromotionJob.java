package sandbox.runner;

import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.triggers.PromotionBuildStarter;
import io.jenkins.plugins.gitops.triggers.PromotionJobParameters;
import io.jenkins.plugins.gitops.triggers.StartedBuild;
import java.util.Optional;

/**
 * Starts builds of the sandbox's only job as the promotion job of a wave. There is no build queue: a build starts at
 * once.
 */
final class PromotionJob implements PromotionBuildStarter {
    /** Refuses every promotion, for a sandbox without a job. */
    static final PromotionBuildStarter NONE = (job, order) -> {
        throw new RequestRefused(
                "There is no job " + job + " here; serve it with --job " + job + " --jenkinsfile FILE.");
    };

    private final Sandbox sandbox;
    private final BuildRequest request;

    PromotionJob(Sandbox sandbox, BuildRequest request) {
        this.sandbox = sandbox;
        this.request = request;
    }

    @Override
    public StartedBuild start(String job, PromotionJobParameters order) throws RequestRefused {
        if (!job.equals(request.job())) {
            return NONE.start(job, order);
        }
        BuildRequest ordered = new BuildRequest(
                job, request.jenkinsfile(), request.workspace(), order.parameters(), request.environment());
        int number = sandbox.start(ordered, System.out).run().getNumber();
        return new StartedBuild("Build " + number + " of " + job + " began.", Optional.empty());
    }
}
