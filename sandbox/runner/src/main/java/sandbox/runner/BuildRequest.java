package sandbox.runner;

import java.nio.file.Path;
import java.util.Map;

/**
 * The parameters of a build.
 *
 * @param job full name of the job, folders separated by slashes ({@code acme/cfg-app/master})
 * @param jenkinsfile text of a scripted Jenkinsfile
 * @param workspace the folder in which {@code node} runs, with the files that it has; null for one below the home
 * @param parameters values of {@code params}
 * @param environment additional variables of the build, such as {@code GIT_COMMIT}
 * @param answer the answer to every {@code input}; with {@code NONE} the {@code input} fails the build
 * @param scm what {@code scm} stands for; null if nothing does
 */
public record BuildRequest(
        String job,
        String jenkinsfile,
        Path workspace,
        Map<String, String> parameters,
        Map<String, String> environment,
        Answer answer,
        ScmSource scm) {

    /** The answer to every {@code input} of a build. */
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
            Map<String, String> environment,
            Answer answer) {
        this(job, jenkinsfile, workspace, parameters, environment, answer, null);
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
