package sandbox.runner;

import io.jenkins.plugins.gitops.errors.Refused;
import io.jenkins.plugins.gitops.triggers.PromotionBuilds;
import io.jenkins.plugins.gitops.triggers.PromotionOrder;

/** The one job of a sandbox, where it is a wave's promotion job. There is no queue: its build begins at once. */
final class PromotionJob implements PromotionBuilds {
    /** Where there is no job, none promotes. */
    static final PromotionBuilds NONE = (job, order) -> {
        throw new Refused("There is no job " + job + " here; serve it with --job " + job + " --jenkinsfile FILE.");
    };

    private final Sandbox sandbox;
    private final BuildRequest request;

    PromotionJob(Sandbox sandbox, BuildRequest request) {
        this.sandbox = sandbox;
        this.request = request;
    }

    @Override
    public String start(String job, PromotionOrder order) throws Refused {
        if (!job.equals(request.job())) {
            return NONE.start(job, order);
        }
        BuildRequest ordered = new BuildRequest(
                job, request.jenkinsfile(), request.workspace(), order.parameters(), request.environment());
        int number = sandbox.start(ordered, System.out).run().getNumber();
        return "Build " + number + " of " + job + " began.";
    }
}
