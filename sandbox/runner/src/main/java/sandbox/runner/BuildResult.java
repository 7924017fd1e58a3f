package sandbox.runner;

import hudson.model.Result;

/**
 * The result of a build.
 *
 * @param job the full name of the job
 * @param number the number of the build
 * @param result {@code SUCCESS}, {@code UNSTABLE}, {@code FAILURE} or {@code ABORTED}
 * @param failure the error message at the end of the log; null if there is none
 */
public record BuildResult(String job, int number, Result result, String failure) {
    public boolean isSuccess() {
        return result == Result.SUCCESS;
    }
}
