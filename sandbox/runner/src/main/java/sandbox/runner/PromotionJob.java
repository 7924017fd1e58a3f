package sandbox.runner;

import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.triggers.PromotionBuildStarter;
import io.jenkins.plugins.gitops.triggers.PromotionJobParameters;

/** The one job of a sandbox, where it is a wave's promotion job. There is no queue: its build begins at once. */
final class PromotionJob implements PromotionBuildStarter {
    /** Where there is no job, none promotes. */
    static final PromotionBuildStarter NONE = (job, order) -> {
        throw new RequestRefused("There is no job " + job + " here; serve it with --job " + job + " --jenkinsfile FILE.");
    };

    private final Sandbox sandbox;
    private final BuildRequest request;

    PromotionJob(Sandbox sandbox, BuildRequest request) {
        this.sandbox = sandbox;
        this.request = request;
    }

    @Override
    public String start(String job, PromotionJobParameters order) throws RequestRefused {
        if (!job.equals(request.job())) {
            return NONE.start(job, order);
        }
        BuildRequest ordered = new BuildRequest(
                job, request.jenkinsfile(), request.workspace(), order.parameters(), request.environment());
        int number = sandbox.start(ordered, System.out).run().getNumber();
        return "Build " + number + " of " + job + " began.";
    }
}
