package sandbox.runner;

import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.runtime.GenerationAction;
import io.jenkins.plugins.gitops.runtime.GeneratorBuildStarter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** Starts builds of a generator, one at a time. There is no queue: a build starts at once. */
public final class GeneratorJob implements GeneratorBuildStarter {
    private final Sandbox sandbox;
    private final BuildRequest request;
    private final OutputStream log;
    private RunningBuild last;

    private GeneratorJob(Sandbox sandbox, BuildRequest request, OutputStream log) {
        this.sandbox = sandbox;
        this.request = request;
        this.log = log;
    }

    /**
     * The generator with a Jenkinsfile; resumes its build that was running when the sandbox ended.
     *
     * @param log receives what its builds print
     */
    public static GeneratorJob in(Sandbox sandbox, String job, String jenkinsfile, OutputStream log)
            throws IOException {
        var request = new BuildRequest(job, jenkinsfile, null, Map.of(), Map.of());
        var generator = new GeneratorJob(sandbox, request, log);
        generator.last = sandbox.resume(request, log).orElse(null);
        return generator;
    }

    @Override
    public synchronized void start(RepositoryDefinition repository, String job) throws RequestRefused {
        if (!job.equals(request.job())) {
            throw new RequestRefused("There is no job " + job + " here.");
        }
        if (last == null || !last.run().isBuilding()) {
            last = sandbox.start(request, log, new GenerationAction(String.valueOf(repository.getName())));
        }
    }
}
