package sandbox.runner;

import java.nio.file.Path;
import java.util.Map;

/**
 * The parameters of a build.
 *
 * @param job full name of the job, folders separated by slashes ({@code acme/cfg-app/master})
 * @param jenkinsfile text of a scripted Jenkinsfile
 * @param workspace folder in which {@code node} works, as it is; null for one below the home
 * @param parameters values of {@code params}
 * @param environment additional variables of the build, such as {@code GIT_COMMIT}
 * @param answer the answer to every {@code input}; {@code NONE} fails the build there
 */
public record BuildRequest(
        String job,
        String jenkinsfile,
        Path workspace,
        Map<String, String> parameters,
        Map<String, String> environment,
        Answer answer) {

    /** How {@code input} is answered. */
    public enum Answer {
        NONE,
        PROCEED,
        ABORT
    }

    public BuildRequest {
        parameters = Map.copyOf(parameters);
        environment = Map.copyOf(environment);
    }

    public BuildRequest(
            String job,
            String jenkinsfile,
            Path workspace,
            Map<String, String> parameters,
            Map<String, String> environment) {
        this(job, jenkinsfile, workspace, parameters, environment, Answer.NONE);
    }
}
