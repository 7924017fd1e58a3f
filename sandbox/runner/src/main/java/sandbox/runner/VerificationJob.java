package sandbox.runner;

import hudson.model.Run;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.configuration.GitOpsWavesConfiguration;
import io.jenkins.plugins.gitops.configuration.JobAuthorization;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.gates.VerificationAction;
import io.jenkins.plugins.gitops.gates.VerificationBuildStarter;
import io.jenkins.plugins.gitops.gates.VerificationTask;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;

/** Starts builds of the sandbox's only job for verifications. There is no queue: a build starts at once. */
public final class VerificationJob implements VerificationBuildStarter {
    /** Starts nothing, for a sandbox without such a job. */
    static final VerificationBuildStarter NONE = new VerificationJob(null, null, null);

    private final Sandbox sandbox;
    private final BuildRequest request;
    private final OutputStream log;

    private VerificationJob(Sandbox sandbox, BuildRequest request, OutputStream log) {
        this.sandbox = sandbox;
        this.request = request;
        this.log = log;
    }

    /**
     * The job with a Jenkinsfile; resumes its builds that were running when the sandbox ended.
     *
     * @param log receives what its builds print
     */
    public static VerificationJob in(Sandbox sandbox, String job, String jenkinsfile, OutputStream log)
            throws IOException {
        var request = new BuildRequest(job, jenkinsfile, null, Map.of(), Map.of());
        sandbox.resumeAll(request, log);
        return new VerificationJob(sandbox, request, log);
    }

    private boolean has(VerificationTask task) {
        return request != null && request.job().equals(task.job());
    }

    @Override
    public Optional<String> obstacle(VerificationTask task) {
        return has(task)
                ? JobAuthorization.ofJobNamed(GitOpsWavesConfiguration.get().repository(task.repository()), task.job())
                        .refusal(RepositoryPower.RUN_VERIFICATION, List.of())
                : Optional.of("there is no job " + task.job() + " here; serve it with --verification " + task.job()
                        + " --verification-jenkinsfile FILE.");
    }

    @Override
    public void start(VerificationTask task) throws RequestRefused {
        if (!has(task)) {
            throw new RequestRefused("there is no job " + task.job() + " here.");
        }
        var asked =
                new BuildRequest(request.job(), request.jenkinsfile(), null, task.parameters(), request.environment());
        sandbox.start(asked, log, new VerificationAction(task.key()));
    }

    @Override
    public Optional<BuildState> find(VerificationTask task) {
        return build(task).map(VerificationJob::state);
    }

    private static BuildState state(Run<?, ?> build) {
        String url = Jenkins.get().getRootUrl() + build.getUrl();
        return build.isBuilding()
                ? new BuildState(Optional.empty(), "running", url)
                : new BuildState(
                        Optional.of(build.getResult()),
                        build.getFullDisplayName() + " ended as " + build.getResult(),
                        url);
    }

    @Override
    public void abort(VerificationTask task) {
        build(task)
                .map(build -> JenkinsfileProgram.find(build.getExternalizableId()))
                .ifPresent(program -> program.abort("the timeout of its verification"));
    }

    private Optional<? extends Run<?, ?>> build(VerificationTask task) {
        return has(task)
                ? sandbox.builds(request.job()).stream()
                        .filter(build -> VerificationAction.isOn(build, task.key()))
                        .findFirst()
                : Optional.empty();
    }
}
