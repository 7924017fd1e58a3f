package io.jenkins.plugins.gitops.gates;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.CauseAction;
import hudson.model.Executor;
import hudson.model.Job;
import hudson.model.ParametersAction;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.gitops.common.CommitSha;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.JobAuthorization;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.JobParameters;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.configuration.base.VisibleItems;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;

/** Queues builds of verifications on this controller. */
final class QueueingVerificationStarter implements VerificationBuildStarter {

    /** The number of newest builds among which that of a run is looked for. */
    private static final int SEARCHED_BUILDS = 100;

    @Override
    public Optional<String> obstacle(VerificationTask task) {
        Job<?, ?> job = job(task);
        if (job == null) {
            return Optional.of("there is no job " + task.job()
                    + "; an administrator creates it, or corrects verifications of the wave "
                    + task.path().wave()
                    + ".");
        }
        if (!job.isBuildable()) {
            return Optional.of("the job " + task.job() + " is disabled; enable it.");
        }
        Optional<RepositoryDefinition> repository =
                GitOpsWavesConfiguration.get().findRepository(task.repository());
        return repository.isEmpty()
                ? Optional.of("the repository " + task.repository() + " is no longer configured.")
                : JobAuthorization.of(repository.get(), job).refusal(RepositoryPower.RUN_VERIFICATION, List.of());
    }

    @Override
    public void start(VerificationTask task) throws RequestRefused {
        Job<?, ?> job = job(task);
        if (job == null) {
            throw new RequestRefused("there is no job " + task.job() + " any more.");
        }
        var cause = new CauseAction(new VerificationCause(
                task.run().name(),
                task.path().toString(),
                CommitSha.abbreviate(task.run().sha())));
        ParametersAction parameters;
        try {
            parameters = JobParameters.of(job, task.parameters());
        } catch (IllegalArgumentException e) {
            throw new RequestRefused(e.getMessage());
        }
        if (ParameterizedJobMixIn.scheduleBuild2(job, 0, cause, parameters, new VerificationAction(task.key()))
                == null) {
            throw new RequestRefused("Jenkins takes no build of " + task.job() + " now.");
        }
    }

    @Override
    public Optional<BuildState> find(VerificationTask task) {
        Job<?, ?> job = job(task);
        if (job == null) {
            return Optional.empty();
        }
        Run<?, ?> build = build(job, task);
        if (build == null) {
            // One in the queue may be of another run: then this one is started once that has left the queue.
            return job.isInQueue()
                    ? Optional.of(new BuildState(Optional.empty(), "in the queue", ""))
                    : Optional.empty();
        }
        String root = Jenkins.get().getRootUrl();
        String url = root == null ? "" : root + build.getUrl();
        Result result = build.isBuilding() ? null : build.getResult();
        return Optional.of(
                result == null
                        ? new BuildState(Optional.empty(), "running", url)
                        : new BuildState(Optional.of(result), build.getFullDisplayName() + " ended as " + result, url));
    }

    @Override
    public void abort(VerificationTask task) {
        Job<?, ?> job = job(task);
        Run<?, ?> build = job == null ? null : build(job, task);
        Executor executor = build == null ? null : build.getExecutor();
        if (executor != null) {
            executor.interrupt(Result.ABORTED);
        }
    }

    @CheckForNull
    private static Job<?, ?> job(VerificationTask task) {
        return VisibleItems.findAsController(task.job(), Job.class).orElse(null);
    }

    @CheckForNull
    private static Run<?, ?> build(Job<?, ?> job, VerificationTask task) {
        Run<?, ?> build = job.getLastBuild();
        for (int searched = 0; build != null && searched < SEARCHED_BUILDS; searched++) {
            if (VerificationAction.isOn(build, task.key())) {
                return build;
            }
            build = build.getPreviousBuild();
        }
        return null;
    }
}
